// SPDX-License-Identifier: Apache-2.0
/**
 * Translates configurations of pam_namespace and pam_mount to rules. Text to text: files and look-ups only through
 * {@link org.jns.migrate.Accounts}.
 */
package org.jns.migrate;
