// SPDX-License-Identifier: Apache-2.0
/**
 * What a login thread runs: one login from its request to its answer. It uses only system calls, because a view may
 * hide all files.
 */
package org.jns.jnsd.login;
