// SPDX-License-Identifier: Apache-2.0
/**
 * Rules files: bytes to rules, and rules to the selection for one subject. Pure: no file is opened, nothing is looked up or logged here.
 *
 * <p>{@link org.jns.rules.ini.StrictIni} reads the INI part of any of our files, {@link org.jns.rules.RulesParser} gives rules their meaning,
 * {@link org.jns.rules.RuleMatcher} selects.
 */
package org.jns.rules;
