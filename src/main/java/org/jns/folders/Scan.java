// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RawName;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;

/**
 * One look at all processes of the machine. Users decide how many processes, namespaces and mounts there are, so it
 * keeps only the answers, and reads the users' mounts for a limited time.
 */
final class Scan {
    private static final int MOST_OF_STATUS = 4096;
    /** jns starts no process that is more generations below its own. */
    private static final int MOST_GENERATIONS = 64;
    /** The limit of the namespaces that are remembered as read; further ones are read for each process in them. */
    private static final int MOST_KNOWN = 50_000;
    /** A process with another root sees only what is below that root. */
    private static final String WHOLE = "/";

    /**
     * With d, only a line feed ends a line: the kernel escapes no other line end in the name of a process, which its
     * user chooses.
     */
    private static final Pattern STATE = Pattern.compile("(?md)^State:\\s+(\\w)");

    private static final Pattern PARENT = Pattern.compile("(?md)^PPid:\\s+(\\d+)");
    private static final Pattern UIDS = Pattern.compile("(?md)^Uid:\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)");
    private static final Pattern THREADS = Pattern.compile("(?md)^Threads:\\s+(\\d+)");

    private final Syscalls sys;
    private final InUse.Question question;
    private final InUse.Except except;
    private final ReadingTime time;
    private final Set<Long> users = new HashSet<>();
    private final Set<String> mounted = new HashSet<>();
    private final Set<Long> namespaces = new HashSet<>();
    /** The first doubt about each user, and the first about all. */
    private final Map<OptionalLong, InUse.Doubt> doubts = new HashMap<>();
    /** The mount namespaces that need not be read any more. */
    private final Set<Long> read = new HashSet<>();

    private final Set<Long> sandboxed = new HashSet<>();
    /** The mount namespaces whose owner is not in the question. */
    private final Set<Long> others = new HashSet<>();

    private final Set<Long> outOfTime = new HashSet<>();

    /** A process according to its status. */
    private record Process(String pid, int parent, boolean hasThreads) {
        int number() {
            return Integer.parseInt(pid);
        }
    }

    /** @param clock in nanoseconds */
    Scan(Syscalls sys, InUse.Question question, InUse.Except except, LongSupplier clock) {
        this.sys = sys;
        this.question = question;
        this.except = except;
        this.time = new ReadingTime(clock);
    }

    InUse result() {
        try (Fd proc = sys.open("/proc", OpenAs.DIRECTORY)) {
            for (var some = sys.listSome(proc); !some.isEmpty(); some = sys.listSome(proc)) {
                for (RawName name : some) {
                    if (Character.isDigit(name.toString().charAt(0))) {
                        examine(proc, name.toString());
                    }
                }
            }
        }
        return new InUse(users, mounted, namespaces, sandboxed, List.copyOf(doubts.values()));
    }

    private void examine(Fd proc, String pid) {
        try {
            Optional<Process> process = process(proc, pid);
            if (process.isPresent()) {
                examine(proc, process.get());
            }
        } catch (SyscallException e) {
            if (!hasEnded(e) && !isGone(proc, pid)) {
                doubt(OptionalLong.empty(), pid, e.getMessage());
            }
        }
    }

    /** Empty for a zombie. A process whose first thread has ended continues in its other threads. */
    private Optional<Process> process(Fd proc, String pid) {
        String status = read(proc, pid + "/status");
        boolean hasThreads = hasThreads(status);
        if (isDead(status, hasThreads)) {
            return Optional.empty();
        }
        Matcher uids = UIDS.matcher(status);
        Matcher parent = PARENT.matcher(status);
        if (!uids.find() || !parent.find()) {
            doubt(OptionalLong.empty(), pid, "its status is not understood");
            return Optional.empty();
        }
        for (int i = 1; i <= 4; i++) {
            long uid = Long.parseLong(uids.group(i));
            if (question.users().contains(uid)) {
                users.add(uid);
            }
        }
        return Optional.of(new Process(pid, Integer.parseInt(parent.group(1)), hasThreads));
    }

    /** After a long list of groups the number is cut off: then the threads themselves are looked for. */
    private static boolean hasThreads(String status) {
        Matcher threads = THREADS.matcher(status);
        return !threads.find() || Long.parseLong(threads.group(1)) > 1;
    }

    private static boolean isDead(String status, boolean hasThreads) {
        Matcher state = STATE.matcher(status);
        return state.find() && (state.group(1).equals("X") || state.group(1).equals("Z") && !hasThreads);
    }

    /** The process no longer exists, or has left its namespaces and is about to end. */
    private static boolean hasEnded(SyscallException e) {
        return e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH;
    }

    private boolean isGone(Fd proc, String pid) {
        try {
            String status = read(proc, pid + "/status");
            return isDead(status, hasThreads(status));
        } catch (SyscallException e) {
            return hasEnded(e);
        }
    }

    private String read(Fd proc, String path) {
        try (Fd file = sys.open(Optional.of(proc), path, OpenAs.READ, Walk.NO_LINKS)) {
            return new String(sys.read(file, MOST_OF_STATUS), StandardCharsets.ISO_8859_1);
        }
    }

    private void examine(Fd proc, Process process) {
        if (question.namespaces().isEmpty() && question.folders().isEmpty()) {
            return;
        }
        if (!process.hasThreads()) {
            examineThread(proc, process, process.pid());
            return;
        }
        // Each thread may be in separate namespaces, and for a first thread that has ended the kernel shows none.
        try (Fd threads = sys.open(Optional.of(proc), process.pid() + "/task", OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            for (var some = sys.listSome(threads); !some.isEmpty(); some = sys.listSome(threads)) {
                for (RawName name : some) {
                    examineOneOfMany(proc, process, process.pid() + "/task/" + name);
                }
            }
        }
    }

    private void examineOneOfMany(Fd proc, Process process, String thread) {
        try {
            examineThread(proc, process, thread);
        } catch (SyscallException e) {
            if (!hasEnded(e)) {
                throw e;
            }
        }
    }

    private void examineThread(Fd proc, Process process, String thread) {
        long mounts = inode(sys.readLink(proc, thread + "/ns/mnt"));
        if (!question.namespaces().isEmpty()) {
            use(proc, process, mounts);
            use(proc, process, inode(sys.readLink(proc, thread + "/ns/pid")));
            useOwned(proc, process, thread, mounts);
        }
        if (!question.folders().isEmpty() && !question.others().contains(mounts) && !read.contains(mounts)) {
            readTable(proc, process, thread, mounts);
        }
    }

    private void use(Fd proc, Process process, long namespace) {
        if (question.namespaces().contains(namespace)
                && !namespaces.contains(namespace)
                && !isExcepted(proc, process)) {
            namespaces.add(namespace);
        }
    }

    private void useOwned(Fd proc, Process process, String thread, long mounts) {
        if (question.namespaces().contains(mounts)
                || others.contains(mounts)
                || sandboxed.containsAll(question.owners())) {
            return;
        }
        OptionalLong owner = sys.ownerOfMounts(thread);
        if (owner.isEmpty() || !question.owners().contains(owner.getAsLong())) {
            if (others.size() < MOST_KNOWN) {
                others.add(mounts);
            }
        } else if (!isExcepted(proc, process)) {
            sandboxed.add(owner.getAsLong());
        }
    }

    private boolean isExcepted(Fd proc, Process process) {
        if (except.alone().contains(process.number())) {
            return true;
        }
        int at = process.number();
        int next = process.parent();
        // Pids may be reused meanwhile, so that a process could seem to be its own ancestor.
        for (int steps = 0; steps < MOST_GENERATIONS && !except.families().isEmpty() && at > 0; steps++) {
            if (except.families().contains(at)) {
                return true;
            }
            at = next;
            next = at > 0 ? parent(proc, at) : 0;
        }
        return false;
    }

    /** 0 if it has ended. */
    private int parent(Fd proc, int pid) {
        try {
            Matcher parent = PARENT.matcher(read(proc, pid + "/status"));
            return parent.find() ? Integer.parseInt(parent.group(1)) : 0;
        } catch (SyscallException e) {
            return 0;
        }
    }

    /** From {@code mnt:[4026531841]}, namespaces(7). */
    private static long inode(String link) {
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.length() - 1));
    }

    /**
     * In a mount namespace that a user owns, the user can show folders under any name, so that namespace tells only
     * about the user's own folders. It is not read if the question has none of those.
     */
    private void readTable(Fd proc, Process process, String thread, long namespace) {
        OptionalLong owner = sys.ownerOfMounts(thread);
        if (owner.isPresent() && (outOfTime.contains(owner.getAsLong()) || !isAskedFor(owner.getAsLong()))) {
            return;
        }
        try {
            boolean isWhole = hasWholeRoot(proc, thread);
            boolean isRead = readTable(proc, thread, owner);
            if (!isRead) {
                outOfTime.add(owner.getAsLong());
                doubt(owner, process.pid(), "it is more than can be read in the time that a user has");
            } else if (isWhole && (owner.isEmpty() || read.size() < MOST_KNOWN)) {
                read.add(namespace);
            }
        } catch (SyscallException e) {
            // A thread that has left its namespace has no table, EINVAL.
            if (owner.isEmpty() && e.errno() != Errno.EINVAL || hasEnded(e)) {
                throw e;
            }
            if (e.errno() != Errno.EINVAL) {
                doubt(owner, process.pid(), e.getMessage());
            }
        }
    }

    /** A user can be in a root whose path is too long to read. That root is not the whole tree either. */
    private boolean hasWholeRoot(Fd proc, String thread) {
        try {
            return sys.readLink(proc, thread + "/root").equals(WHOLE);
        } catch (SyscallException e) {
            e.unless(Errno.ENAMETOOLONG);
            return false;
        }
    }

    /** A user namespace that root owns may contain folders of any user. */
    private boolean isAskedFor(long owner) {
        return owner == 0 || question.users().contains(owner);
    }

    /** False if the owner's time is used up. */
    private boolean readTable(Fd proc, String thread, OptionalLong owner) {
        Set<String> shown = new HashSet<>();
        ShownFolders folders = new ShownFolders(question.folders(), shown);
        long since = time.now();
        try (Fd table = sys.open(Optional.of(proc), thread + "/mountinfo", OpenAs.READ, Walk.NO_LINKS)) {
            for (byte[] piece = sys.readSome(table); piece.length > 0; piece = sys.readSome(table)) {
                folders.read(piece);
                if (owner.isPresent() && time.isOver(owner.getAsLong(), since)) {
                    return false;
                }
            }
        } finally {
            owner.ifPresent(uid -> time.use(uid, since));
            shown.stream()
                    .filter(folder ->
                            owner.isEmpty() || owner.getAsLong() == 0 || folder.startsWith(owner.getAsLong() + "/"))
                    .forEach(mounted::add);
        }
        return true;
    }

    private void doubt(OptionalLong owner, String pid, String why) {
        doubts.putIfAbsent(owner, new InUse.Doubt(owner, Integer.parseInt(pid), why));
    }
}
