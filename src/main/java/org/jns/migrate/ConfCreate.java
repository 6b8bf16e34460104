// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The flag {@code create=mode,owner,group} of namespace.conf(5), which makes a missing target.
 *
 * @param key the equivalent {@code create} of a rule
 * @param options that the rule needs with it
 */
record ConfCreate(String key, List<String> options) {

    /** The numbers that strtoul(3) reads in base 0. */
    private static final Pattern NUMBER = Pattern.compile("[ \\t]*\\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)(.*)");

    private static final int MODE_BITS = 07777;

    /**
     * Empty if nothing does it, with the reason in the line's remarks.
     *
     * @param who if a private folder is shown there, which takes the owner over: the users of the line
     */
    static Optional<ConfCreate> read(
            String parameters, String target, Optional<Who> who, Accounts accounts, ConfigLine line) {
        String[] parts = parameters.split(",", 3);
        String owner = parts.length > 1 ? parts[1] : "";
        String group = parts.length > 2 ? parts[2] : "";
        String mode = parts[0].isEmpty() ? usualMode(line) : mode(parts[0], line);
        boolean knowsOwner = isKnown(owner, accounts.hasUser(owner), "user", line);
        boolean knowsGroup = isKnown(group, accounts.hasGroup(group), "group", line);
        if (!knowsOwner || !knowsGroup) {
            return Optional.empty();
        }
        if (isBelowUsers(target, accounts)) {
            line.warn(
                    "create= made it in a folder that users can change, where jns makes nothing, because they could redirect root (CVE-2025-6020);"
                            + " make it where users are made, in /etc/skel for example: while it is missing, the login is refused");
            return Optional.empty();
        }
        if (NamespaceConf.isWorldWritable(target)) {
            line.warn(
                    "jns creates only where root alone can write: if it is missing, and no rule is for the folder around it, the login is refused");
        }
        boolean isPrivate = who.isPresent();
        Optional<String> alone = who.flatMap(Who::name);
        boolean ofFirst =
                owner.isEmpty() && alone.isEmpty() && !MountWords.isOfOneUser(target) && !target.equals("${home}");
        if (ofFirst) {
            line.warn("create= without an owner gave it to the user who came first"
                    + (isPrivate
                            ? ", so that nobody else could use a private one; here all can"
                            : "; here it is root's"));
            return Optional.of(new ConfCreate("0755", isPrivate ? List.of("mode=1777", "uid=0", "gid=0") : List.of()));
        }
        boolean ofAnother = !owner.isEmpty() && !owner.equals("root");
        if (isPrivate && ofAnother && !alone.equals(Optional.of(owner))) {
            line.lost("create= gave it to " + owner
                    + ", so that nobody else could use a private one; say root, or leave the owner out");
        }
        if (ofAnother && group.isEmpty()) {
            line.warn("create= gave it the primary group of " + owner
                    + ", and the rule gives it root's: write create = " + mode + ":" + owner + ":GROUP");
        }
        return Optional.of(new ConfCreate(
                mode + ":" + (owner.isEmpty() ? "${user}" : owner) + (group.isEmpty() ? "" : ":" + group), List.of()));
    }

    /**
     * Folders where everybody may create files get a separate remark: there usually is a rule for the parent folder,
     * and then the target is created.
     */
    private static boolean isBelowUsers(String target, Accounts accounts) {
        String parent = target.substring(0, Math.max(1, target.lastIndexOf('/')));
        return target.startsWith("${home}/")
                || target.matches("/run/user/[^/]+/.*")
                || !NamespaceConf.isWorldWritable(target) && parent.indexOf('$') < 0 && accounts.isOpenToUsers(parent);
    }

    private static String usualMode(ConfigLine line) {
        line.note("create without a mode was 0777 without what the login's umask takes away: 0755 with the usual one");
        return "0755";
    }

    private static boolean isKnown(String name, boolean exists, String what, ConfigLine line) {
        if (!name.isEmpty() && !exists) {
            line.lost("there is no " + what + " '" + name + "', whom create= names; " + NamespaceConf.FILE_ERROR);
        }
        return name.isEmpty() || exists;
    }

    /** The mode of the new folder, in octal. */
    private static String mode(String text, ConfigLine line) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches() || number.group(1).length() > 18) {
            line.warn("create=" + text + " is no mode and was read as 0000");
            return "0000";
        }
        long value = Long.decode(number.group(1)) & MODE_BITS;
        String octal = String.format("%04o", value);
        if (!number.group(1).startsWith("0")) {
            line.warn("create=" + text + " was read as a decimal number, which is the mode " + octal
                    + "; modes with a leading 0 are octal");
        }
        if (!number.group(2).isEmpty()) {
            line.warn("'" + number.group(2) + "' after the mode was ignored");
        }
        return octal;
    }
}
