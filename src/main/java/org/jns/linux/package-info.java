// SPDX-License-Identifier: Apache-2.0
/** The only access to the kernel and the C library. No other package imports jnr. */
package org.jns.linux;
