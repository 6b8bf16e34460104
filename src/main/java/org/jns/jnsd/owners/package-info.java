// SPDX-License-Identifier: Apache-2.0
/** Answers ordinary users who ask, through {@code jns-join}, for a way into a view: one that exists, or a new one. */
package org.jns.jnsd.owners;
