// SPDX-License-Identifier: Apache-2.0
/**
 * The state about sessions and their views, whichever process serves the logins: one record for each, and one pin for
 * each view.
 */
package org.jns.state;
