// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flag {@code create=mode,owner,group} of namespace.conf(5): the target is made if it is missing. */
final class ConfCreate {

    /** What strtoul(3) reads of a text in base 0. */
    private static final Pattern NUMBER = Pattern.compile("[ \\t]*\\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)(.*)");
    private static final int MODE_BITS = 07777;

    private ConfCreate() {}

    static void read(String parameters, String target, Accounts accounts, Line line) {
        String[] parts = parameters.split(",", 3);
        String owner = parts.length > 1 ? parts[1] : "";
        String group = parts.length > 2 ? parts[2] : "";
        StringBuilder command = new StringBuilder("install -d");
        if (!parts[0].isEmpty()) {
            command.append(" -m ").append(mode(parts[0], line));
        }
        if (!owner.isEmpty() && !accounts.hasUser(owner)) {
            line.lost("there is no user '" + owner + "', whom create= names; " + NamespaceConf.FILE_ERROR);
        }
        if (!group.isEmpty() && !accounts.hasGroup(group)) {
            line.lost("there is no group '" + group + "', which create= names; " + NamespaceConf.FILE_ERROR);
        }
        if (!owner.isEmpty()) {
            command.append(" -o ").append(owner);
        }
        if (!group.isEmpty()) {
            command.append(" -g ").append(group);
        }
        if (target.indexOf('$') >= 0) {
            line.lost("a rule's target must exist, and create= has no counterpart in the language; make it where users are made");
        } else {
            line.warn("create= has no counterpart in the language, and a rule's target must exist; if it does not, make it once: " + command + " " + target
                    + (owner.isEmpty() ? " (create= without an owner gave it to whoever came first)" : ""));
        }
    }

    /** The mode that the folder got, in octal. */
    private static String mode(String text, Line line) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches() || number.group(1).length() > 18) {
            line.warn("create=" + text + " is no mode and was read as 0000");
            return "0000";
        }
        long value = Long.decode(number.group(1)) & MODE_BITS;
        String octal = String.format("%04o", value);
        if (!number.group(1).startsWith("0")) {
            line.warn("create=" + text + " was read as a decimal number, which is the mode " + octal + "; modes with a leading 0 are octal");
        }
        if (!number.group(2).isEmpty()) {
            line.warn("'" + number.group(2) + "' behind the mode was ignored");
        }
        return octal;
    }
}
