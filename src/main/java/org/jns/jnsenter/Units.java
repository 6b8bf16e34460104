// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;

/**
 * Finds the main process of a unit of the system's service manager by its cgroup: the oldest process in it whose parent
 * is not in it. It does not ask the manager, which may not answer; and only root puts a process into the cgroup of a
 * unit.
 */
final class Units {
    private static final String SERVICE = ".service";
    private static final String SLICE = ".slice";
    private static final int MOST = 1 << 16;
    /** Counted from the end of the name, which may contain any character: proc(5), stat. */
    private static final int PARENT = 1;

    private static final int STARTTIME = 19;

    private final Syscalls sys;
    private final Fd proc;

    /** A process, with its pidfd. */
    record Main(int pid, Fd handle) {}

    /** The facts about a process. */
    record Seen(int pid, int parent, long started) {}

    Units(Syscalls sys, Fd proc) {
        this.sys = sys;
        this.proc = proc;
    }

    /** Empty if nothing runs in the unit. */
    Optional<Main> main(String name) {
        String unit = name.indexOf('.') < 0 ? name + SERVICE : name;
        Optional<Seen> main = oldest(in(unit));
        if (main.isEmpty()) {
            return Optional.empty();
        }
        Optional<Fd> handle = sys.process(main.get().pid());
        // Checked again, because the number may be another process's by now.
        if (handle.isPresent() && seen(main.get().pid(), unit).equals(main)) {
            return Optional.of(new Main(main.get().pid(), handle.get()));
        }
        handle.ifPresent(Fd::close);
        return Optional.empty();
    }

    private List<Seen> in(String unit) {
        List<Seen> all = new ArrayList<>();
        try (Fd folder = sys.open(proc, ".", OpenAs.DIRECTORY)) {
            for (String name : sys.list(folder)) {
                if (name.charAt(0) >= '1' && name.charAt(0) <= '9') {
                    Optional<Seen> seen = seen(Integer.parseInt(name), unit);
                    if (seen.isPresent()) {
                        all.add(seen.get());
                    }
                }
            }
        }
        return all;
    }

    private Optional<Seen> seen(int pid, String unit) {
        try {
            if (!isOf(unit, read(pid, "cgroup"))) {
                return Optional.empty();
            }
            String stat = read(pid, "stat");
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Optional.of(new Seen(pid, Integer.parseInt(fields[PARENT]), Long.parseLong(fields[STARTTIME])));
        } catch (SyscallException e) {
            // It has ended meanwhile.
            return Optional.empty();
        }
    }

    private String read(int pid, String file) {
        try (Fd opened = sys.open(Optional.of(proc), pid + "/" + file, OpenAs.READ, Walk.NO_LINKS)) {
            return new String(sys.read(opened, MOST), StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * Whether the content of {@code /proc/PID/cgroup} is in the unit. Above a unit of the system there are only slices;
     * below a user's manager, users make cgroups of any name.
     */
    static boolean isOf(String unit, String cgroups) {
        for (String line : cgroups.split("\n")) {
            int colon = line.indexOf(':', line.indexOf(':') + 1);
            boolean ofManager = line.startsWith("0::") || line.contains(":name=systemd:");
            String[] path = line.substring(colon + 1).split("/");
            int at = 1;
            while (at < path.length && path[at].endsWith(SLICE) && !path[at].equals(unit)) {
                at++;
            }
            if (ofManager && at < path.length && path[at].equals(unit)) {
                return true;
            }
        }
        return false;
    }

    static Optional<Seen> oldest(List<Seen> processes) {
        Set<Integer> pids = new HashSet<>();
        for (Seen process : processes) {
            pids.add(process.pid());
        }
        Optional<Seen> oldest = Optional.empty();
        for (Seen process : processes) {
            boolean isFirst = !pids.contains(process.parent());
            if (isFirst && (oldest.isEmpty() || process.started() < oldest.get().started())) {
                oldest = Optional.of(process);
            }
        }
        return oldest;
    }
}
