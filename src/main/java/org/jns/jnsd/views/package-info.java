// SPDX-License-Identifier: Apache-2.0
/**
 * Which views exist, and what a login records about its own. Login threads run this too, so it uses only system calls.
 */
package org.jns.jnsd.views;
