// SPDX-License-Identifier: Apache-2.0
/**
 * The resident daemon, and the daemon for one login: its main thread, the threads that it starts, and its memory of
 * sessions and rules.
 */
package org.jns.jnsd;
