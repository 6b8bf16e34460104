// SPDX-License-Identifier: Apache-2.0
/** The one door to the kernel and to the C library. Nothing else imports jnr. */
package org.jns.linux;
