// SPDX-License-Identifier: Apache-2.0
/**
 * Plans the logins of real users with rules that are not in force yet, and finds out which of their features this
 * kernel lacks.
 */
package org.jns.preflight;
