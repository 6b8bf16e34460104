// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

/**
 * One file as it was read.
 *
 * @param name as it stands before the line number in a message
 * @param bytes its content; nobody may change it any more
 */
public record RulesSource(String name, byte[] bytes) {}
