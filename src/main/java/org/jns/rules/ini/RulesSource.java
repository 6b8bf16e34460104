// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

/**
 * One file with its content.
 *
 * @param name as in front of the line number in a message
 * @param bytes its content; nobody may change it any more
 */
public record RulesSource(String name, byte[] bytes) {}
