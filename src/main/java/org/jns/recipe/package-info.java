// SPDX-License-Identifier: Apache-2.0
/**
 * What is said between jnsenter and jnsrun in C and what answers them in Java: a command line goes one way, a recipe of steps to carry out
 * the other. Values only. Texts in here are raw, see {@link Raw}.
 */
package org.jns.recipe;
