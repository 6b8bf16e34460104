// SPDX-License-Identifier: Apache-2.0
/** {@code jnsrun}: what is said on its command line, as a recipe for the program that carries it out. */
package org.jns.jnsrun;
