// SPDX-License-Identifier: Apache-2.0
/**
 * The values that the stages of a login pass to one another. Imports only {@code java.*}: no clock, file, look-up or
 * logger.
 */
package org.jns.model;
