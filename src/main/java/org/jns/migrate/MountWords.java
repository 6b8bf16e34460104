// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates mount options of mount(8) and tmpfs(5) to options of a rule. */
final class MountWords {

    static final Set<String> FLAGS = Set.of("ro", "nosuid", "nodev", "noexec", "nosymfollow");

    private static final Set<String> VOLUME_FLAGS = Set.of("ro", "nosuid", "nodev", "noexec");

    /** The defaults, and options that have no effect on access. */
    private static final Set<String> PLAIN = Set.of(
            "rw",
            "defaults",
            "suid",
            "dev",
            "exec",
            "symfollow",
            "atime",
            "noatime",
            "diratime",
            "nodiratime",
            "relatime",
            "norelatime",
            "strictatime",
            "nostrictatime",
            "lazytime",
            "nolazytime",
            "async",
            "silent",
            "loud",
            "nofail",
            "auto",
            "noauto",
            "_netdev",
            "");

    private static final Pattern NUMBER = Pattern.compile("(0[xX][0-9a-fA-F]{1,15}|0[0-7]{0,20}|[1-9][0-9]{0,17})");
    private static final Pattern SIZE = Pattern.compile(NUMBER.pattern() + "([kKmMgGtT]?)");

    /** Folders that are root-owned with mode 1777 on every system, like the root folder of a new tmpfs. */
    private static final Set<String> LIKE_NEW_TMPFS = Set.of("/tmp", "/var/tmp", "/dev/shm");

    private final ConfigLine line;
    private final String target;
    private final Map<String, String> found = new LinkedHashMap<>();

    private MountWords(ConfigLine line, String target) {
        this.line = line;
        this.target = target;
    }

    /** Whether each user has a different folder there. */
    static boolean isOfOneUser(String target) {
        return target.contains("${user}") || target.contains("${uid}");
    }

    /** For a bind: only flags. */
    static List<String> bind(List<String> words, ConfigLine line, String target) {
        MountWords options = new MountWords(line, target);
        for (String word : words) {
            if (!options.flag(word)) {
                options.unknown(word);
            }
        }
        return List.copyOf(options.found.values());
    }

    /**
     * For a volume: the supported flags. Its program takes the others in another way, or does not accept them from a
     * caller.
     */
    static List<String> volume(List<String> words, ConfigLine line) {
        List<String> flags = new ArrayList<>();
        for (String word : words) {
            String plain = word.strip();
            if (VOLUME_FLAGS.contains(plain)) {
                flags.add(plain);
            } else if (!PLAIN.contains(plain)) {
                line.warn("option '" + plain + "' is left out: jns gives the program none but the flags of a mount");
            }
        }
        return flags;
    }

    /**
     * For a tmpfs.
     *
     * @param strict whether the words go to the kernel unchanged, which does not know all words of mount(8)
     */
    static List<String> tmpfs(List<String> words, boolean strict, ConfigLine line, String target) {
        MountWords options = new MountWords(line, target);
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals >= 0) {
                options.value(word.substring(0, equals), word.substring(equals + 1));
            } else if (strict && word.equals("defaults")) {
                line.lost(
                        "'defaults' is nothing that the kernel knows: with it the mount fails, and so does the login");
            } else if (!options.flag(word)) {
                options.unknown(word);
            }
        }
        options.asNew();
        return options.found.values().stream()
                .filter(option -> !option.isEmpty())
                .toList();
    }

    /** In jns a tmpfs gets owner and mode of the folder that it hides; before, it did not. */
    private void asNew() {
        if (LIKE_NEW_TMPFS.contains(target)) {
            return;
        }
        if (!found.containsKey("mode") || !found.containsKey("uid") || !found.containsKey("gid")) {
            line.note(
                    "a new tmpfs is root's and open to everyone; leave mode, uid and gid out, and it is like the folder that it hides");
        }
        found.putIfAbsent("mode", "mode=1777");
        found.putIfAbsent("uid", "uid=0");
        found.putIfAbsent("gid", "gid=0");
    }

    private boolean flag(String word) {
        if (FLAGS.contains(word)) {
            found.put(word, word);
            return true;
        }
        // The later word wins.
        switch (word) {
            case "rw" -> found.remove("ro");
            case "suid", "dev", "exec", "symfollow" -> found.remove("no" + word);
            case "defaults" -> List.of("ro", "nosuid", "nodev", "noexec").forEach(found::remove);
            default -> {}
        }
        return PLAIN.contains(word);
    }

    private void unknown(String word) {
        line.lost("mount option '" + word + "' has no counterpart in a rule");
    }

    private void value(String name, String value) {
        switch (name) {
            case "size" -> size(value);
            case "nr_inodes" -> inodes(value);
            case "mode" -> mode(value);
            case "uid", "gid" -> id(name, value);
            default -> unknown(name + "=" + value);
        }
    }

    private void size(String value) {
        if (value.equals("50%")) {
            found.remove("size");
            line.note("size=50% is what a tmpfs has when nothing is said");
            return;
        }
        Matcher size = SIZE.matcher(value);
        if (value.endsWith("%")) {
            line.lost("a size in percent is not supported: write size=NUMBER with K, M or G");
        } else if (!size.matches() || Long.decode(size.group(1)) == 0) {
            line.lost("size=" + value + " is no limit that a rule can have");
        } else {
            found.put(
                    "size", "size=" + Long.decode(size.group(1)) + size.group(2).toUpperCase(Locale.ROOT));
        }
    }

    private void inodes(String value) {
        Matcher inodes = SIZE.matcher(value);
        if (!inodes.matches() || Long.decode(inodes.group(1)) == 0) {
            line.lost("nr_inodes=" + value + " is no limit that a rule can have");
            return;
        }
        int shift = inodes.group(2).isEmpty()
                ? 0
                : 10 * ("kmgt".indexOf(inodes.group(2).toLowerCase(Locale.ROOT)) + 1);
        long number = Long.decode(inodes.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            line.lost("nr_inodes=" + value + " is no limit that a rule can have");
        } else {
            found.put("nr_inodes", "nr_inodes=" + (number << shift));
        }
    }

    private void mode(String value) {
        if (!value.matches("0*[0-7]{1,4}")) {
            line.lost("mode=" + value + " is no mode that a rule can have");
            return;
        }
        String digits = value.replaceFirst("^0+(?=[0-7]{3})", "");
        found.put("mode", "mode=" + "0".repeat(Math.max(0, 3 - digits.length())) + digits);
    }

    private void id(String name, String value) {
        boolean ownId = name.equals("uid")
                ? value.equals("%(USERUID)") || value.equals("%(USER)")
                : value.equals("%(USERGID)") || value.equals("%(GROUP)");
        if (ownId && (target.startsWith("${home}") || isOfOneUser(target))) {
            // The default, which is that of the hidden folder; so no option is needed.
            found.put(name, "");
            line.note(name + "=" + value + " is what the hidden folder has, if it is the user's own");
        } else if (ownId) {
            found.put(name, "");
            line.lost(name + "=" + value + ": a rule can only name one " + name
                    + " for all; without it, the folder's owner is the hidden folder's");
        } else if (!NUMBER.matcher(value).matches()) {
            line.lost(name + "=" + value + ": a rule has a number there");
        } else {
            found.put(name, name + "=" + Long.decode(value));
        }
    }
}
