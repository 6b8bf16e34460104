// SPDX-License-Identifier: Apache-2.0
/** Configurations of pam_namespace and pam_mount, as rules. Text to text: no file and no look-up but through {@link org.jns.migrate.Accounts}. */
package org.jns.migrate;
