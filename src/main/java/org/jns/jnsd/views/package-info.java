// SPDX-License-Identifier: Apache-2.0
/** Which views exist, and what a login writes down about its own. Login threads run this too, so it uses system calls alone. */
package org.jns.jnsd.views;
