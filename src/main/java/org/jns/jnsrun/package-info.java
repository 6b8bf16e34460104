// SPDX-License-Identifier: Apache-2.0
/** {@code jnsrun}: turns its command line into a recipe for the program that carries it out. */
package org.jns.jnsrun;
