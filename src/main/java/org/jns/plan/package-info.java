// SPDX-License-Identifier: Apache-2.0
/** From selection, subject and facts to a plan. Pure: imports only {@code model}. */
package org.jns.plan;
