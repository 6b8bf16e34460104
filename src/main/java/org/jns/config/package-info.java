// SPDX-License-Identifier: Apache-2.0
/** What the admin's files and the user database say: settings, the rules in force, who somebody is. The login and jnsctl both ask here. */
package org.jns.config;
