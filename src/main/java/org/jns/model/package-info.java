// SPDX-License-Identifier: Apache-2.0
/** The values that pass between the stages of a login. Imports nothing but {@code java.*}: no clock, file, look-up or logger. */
package org.jns.model;
