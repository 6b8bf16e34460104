// SPDX-License-Identifier: Apache-2.0
/** The way of a command line into Java and of the answer back, be it in the resident helper or in a JVM of the command's own. */
package org.jns.frontend;
