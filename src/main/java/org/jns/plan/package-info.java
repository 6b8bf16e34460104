// SPDX-License-Identifier: Apache-2.0
/** Turns a selection, a subject and facts into a plan, without side effects. */
package org.jns.plan;
