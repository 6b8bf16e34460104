// SPDX-License-Identifier: Apache-2.0
/** A view for one command, by the rules and in the way of a login's. */
package org.jns.fresh;
