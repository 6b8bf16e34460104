// SPDX-License-Identifier: Apache-2.0
/** The resident helper, and the helper for one login: who waits, who answers, who remembers. */
package org.jns.jnsd;
