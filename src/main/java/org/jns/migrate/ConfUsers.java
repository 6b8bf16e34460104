// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.Printable;
import org.jns.rules.ini.StrictIni;

/**
 * The fourth field of a line of namespace.conf(5): the users whom the line does not apply to, or, after a tilde, the
 * only users whom it applies to.
 */
final class ConfUsers {

    private final ConfigLine line;
    private final Accounts accounts;
    private final List<String> selectors = new ArrayList<>();
    private boolean someExists;

    private ConfUsers(ConfigLine line, Accounts accounts) {
        this.line = line;
        this.accounts = accounts;
    }

    static Who read(String field, ConfigLine line, Accounts accounts) {
        ConfUsers users = new ConfUsers(line, accounts);
        boolean only = field.startsWith("~");
        String list = only ? field.substring(1) : field;
        if (list.isEmpty() && only) {
            line.warn("'~' without a name: the line is for nobody");
            return Who.NOBODY;
        }
        if (list.length() > StrictIni.MAX_LINE) {
            line.lost(
                    "the list of users is longer than a line of a rule can be; give a group to those users, and name that");
            return Who.NOBODY;
        }
        for (String name : list.split(",", -1)) {
            users.name(name);
        }
        if (!only) {
            return Who.allBut(users.selectors);
        }
        if (users.selectors.isEmpty() || !users.someExists) {
            line.warn("none of the users in this '~' list exists: the line is for nobody");
        } else if (list.equals("root")) {
            line.warn("'~root' makes the line for root alone; without the tilde it is for everyone but root");
        }
        return Who.onlyFor(users.selectors);
    }

    private void name(String name) {
        if (name.isEmpty()) {
            line.warn("an empty item in the list of users was ignored");
        } else if (name.startsWith("@") || name.startsWith("%") || name.startsWith("+")) {
            line.warn("'" + name + "' is no user and was ignored: the list cannot have groups; a rule can, as group:"
                    + name.substring(1));
        } else if (name.startsWith("~") || name.startsWith("!") || name.startsWith("-")) {
            line.warn(
                    "'" + name
                            + "' is no user and was ignored: only one tilde at the beginning of the list inverts, and it inverts all of it");
        } else if (!isSelectable(name)) {
            line.warn("'" + name + "' is no user's name and was ignored");
        } else {
            selectors.add("user:" + name);
            if (accounts.hasUser(name)) {
                someExists = true;
            } else {
                boolean number = name.chars().allMatch(c -> c >= '0' && c <= '9');
                line.warn("there is no user '" + name + "', so that name does nothing"
                        + (number ? "; the list has names only, while a rule can say uid:" + name : ""));
            }
        }
    }

    /** A text that a rule would not accept as a name. */
    private static boolean isSelectable(String name) {
        return name.chars().allMatch(c -> c > ' ' && c != 0x7f && "*?/:\"'#;\\,".indexOf(c) < 0) && Printable.is(name);
    }
}
