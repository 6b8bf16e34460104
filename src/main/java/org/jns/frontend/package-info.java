// SPDX-License-Identifier: Apache-2.0
/** Brings a command line into Java and the answer back, in the resident daemon or in a JVM that the command started. */
package org.jns.frontend;
