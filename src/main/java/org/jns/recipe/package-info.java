// SPDX-License-Identifier: Apache-2.0
/**
 * The messages between jnsenter and jnsrun in C and the Java code that answers them: a command line in one direction, a
 * recipe of steps in the other. Values only. Texts in this package are raw, see {@link Raw}.
 */
package org.jns.recipe;
