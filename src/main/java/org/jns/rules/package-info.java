// SPDX-License-Identifier: Apache-2.0
/**
 * Rules files: from bytes to rules, and from rules to the selection for one subject. No side effects: this package
 * opens no file, looks up nothing and logs nothing.
 *
 * <p>{@link org.jns.rules.ini.StrictIni} reads the INI syntax of all jns files, {@link org.jns.rules.RulesParser}
 * interprets rules, {@link org.jns.rules.RuleMatcher} selects.
 */
package org.jns.rules;
