// SPDX-License-Identifier: Apache-2.0
/**
 * Reads the admin's files and the user database: settings, the rules in force, the subject of a login. Both logins and
 * jnsctl use it.
 */
package org.jns.config;
