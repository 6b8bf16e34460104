// SPDX-License-Identifier: Apache-2.0
package org.jns.apply;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jns.sys.Fd;
import org.jns.sys.RawName;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.jns.sys.Syscalls.OpenAs;
import org.jns.sys.Syscalls.Walk;

/**
 * What the processes of the machine have in use, as /proc shows it.
 *
 * @param users that have a process, by any of its four uids
 * @param mounted {@code UID/FOLDER} of what some process's mount namespace shows; this has those of other users too, such as a login
 *     program's, and sandboxes that were made inside of a session
 * @param namespaces inodes of the mount and PID namespaces that some process is in
 * @param certain whether everything could be read; if not, everything is in use
 */
public record InUse(Set<Long> users, Set<String> mounted, Set<Long> namespaces, boolean certain) {
    private static final int MOST_OF_STATUS = 4096;
    /** A hundred thousand mounts. */
    private static final int MOST_OF_MOUNTS = 16 << 20;

    private static final Pattern STATE = Pattern.compile("(?m)^State:\\s+(\\w)");
    private static final Pattern PARENT = Pattern.compile("(?m)^PPid:\\s+(\\d+)");
    private static final Pattern UIDS = Pattern.compile("(?m)^Uid:\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)");
    /** Of a folder in the root of a bind mount, or in the options of an overlay. */
    private static final Pattern FOLDER = Pattern.compile("/(\\d+)/([^/,:]+)");

    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    boolean hasProcess(long uid) {
        return !certain || users.contains(uid);
    }

    /** Whether some process is in the mount or PID namespace of that inode. */
    public boolean hasNamespace(long inode) {
        return !certain || namespaces.contains(inode);
    }

    boolean isMounted(long uid, String folder) {
        return !certain || mounted.contains(uid + "/" + folder);
    }

    /**
     * Processes whose mount namespaces do not count.
     *
     * @param alone these themselves
     * @param families these, and all that descends from them
     */
    public record Except(Set<Integer> alone, Set<Integer> families) {
        public static final Except NOBODY = new Except(Set.of(), Set.of());
    }

    /** Where a process is, and who is its parent. */
    private record Seen(int parent, long mounts, long pids) {}

    /** Reads each process once, and each mount namespace once. */
    public static InUse scan(Syscalls sys) {
        return scan(sys, Except.NOBODY);
    }

    /** As {@link #scan(Syscalls)}; exceptions are made for the namespaces only. */
    public static InUse scan(Syscalls sys, Except except) {
        Set<Long> users = new HashSet<>();
        Set<String> mounted = new HashSet<>();
        Map<Integer, Seen> seen = new HashMap<>();
        Set<Long> read = new HashSet<>();
        boolean certain = true;
        try (Fd proc = sys.open(Optional.empty(), "/proc", OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            for (var some = sys.listSome(proc); !some.isEmpty(); some = sys.listSome(proc)) {
                for (RawName name : some) {
                    if (Character.isDigit(name.toString().charAt(0))) {
                        certain &= examine(sys, proc, name.toString(), users, mounted, seen, read);
                    }
                }
            }
        }
        return new InUse(users, mounted, namespaces(seen, except), certain);
    }

    private static Set<Long> namespaces(Map<Integer, Seen> seen, Except except) {
        Set<Long> namespaces = new HashSet<>();
        seen.forEach((pid, process) -> {
            if (!except.alone().contains(pid) && !descends(pid, seen, except.families())) {
                namespaces.add(process.mounts());
                namespaces.add(process.pids());
            }
        });
        return namespaces;
    }

    private static boolean descends(int pid, Map<Integer, Seen> seen, Set<Integer> families) {
        int at = pid;
        // Numbers may be given away again while all are read, so that some would be their own ancestors.
        for (int steps = 0; steps <= seen.size() && !families.isEmpty(); steps++) {
            if (families.contains(at)) {
                return true;
            }
            Seen process = seen.get(at);
            if (process == null) {
                return false;
            }
            at = process.parent();
        }
        return false;
    }

    /** False if it is not known what the process shows. One that is gone, or is dead but for its parent, shows nothing. */
    private static boolean examine(Syscalls sys, Fd proc, String pid, Set<Long> users, Set<String> mounted, Map<Integer, Seen> seen, Set<Long> namespaces) {
        try {
            String status = read(sys, proc, pid + "/status", MOST_OF_STATUS);
            Matcher state = STATE.matcher(status);
            if (state.find() && (state.group(1).equals("Z") || state.group(1).equals("X"))) {
                return true;
            }
            Matcher uids = UIDS.matcher(status);
            if (!uids.find()) {
                return false;
            }
            for (int i = 1; i <= 4; i++) {
                users.add(Long.parseLong(uids.group(i)));
            }
            Matcher parent = PARENT.matcher(status);
            if (!parent.find()) {
                return false;
            }
            long namespace = inode(sys.readLink(proc, pid + "/ns/mnt"));
            long pids = inode(sys.readLink(proc, pid + "/ns/pid"));
            seen.put(Integer.valueOf(pid), new Seen(Integer.parseInt(parent.group(1)), namespace, pids));
            if (!namespaces.add(namespace)) {
                return true;
            }
            String mounts = read(sys, proc, pid + "/mountinfo", MOST_OF_MOUNTS);
            addFolders(mounts, mounted);
            return mounts.length() < MOST_OF_MOUNTS;
        } catch (SyscallException e) {
            // It ended meanwhile; if it did not, it is not known.
            return isGone(sys, proc, pid);
        }
    }

    /** Of {@code mnt:[4026531841]}, namespaces(7). */
    private static long inode(String link) {
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.length() - 1));
    }

    private static boolean isGone(Syscalls sys, Fd proc, String pid) {
        try {
            Matcher state = STATE.matcher(read(sys, proc, pid + "/status", MOST_OF_STATUS));
            return state.find() && (state.group(1).equals("Z") || state.group(1).equals("X"));
        } catch (SyscallException e) {
            return true;
        }
    }

    private static String read(Syscalls sys, Fd proc, String path, int most) {
        try (Fd file = sys.open(Optional.of(proc), path, OpenAs.READ, Walk.NO_LINKS)) {
            return new String(sys.read(file, most), StandardCharsets.ISO_8859_1);
        }
    }

    /** From the text of a mountinfo, proc(5): the fourth field is what of the file system is shown, the last its options. */
    static void addFolders(String mountinfo, Set<String> mounted) {
        for (String line : mountinfo.split("\n")) {
            String[] fields = line.split(" ");
            if (fields.length > 4) {
                addFolder(fields[3], mounted);
                addFolder(fields[fields.length - 1], mounted);
            }
        }
    }

    private static void addFolder(String field, Set<String> mounted) {
        String text = ESCAPE.matcher(field).replaceAll(m -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(m.group(1), 8))));
        Matcher folder = FOLDER.matcher(text);
        for (int at = 0; folder.find(at); at = folder.start(2) - 1) {
            mounted.add(folder.group(1) + "/" + folder.group(2));
        }
    }
}
