// SPDX-License-Identifier: Apache-2.0
/** What is remembered of sessions and of their views, whoever serves the logins: one file each, and one pin a view. */
package org.jns.state;
