// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.NamespaceKind;
import org.jns.model.Plan;
import org.jns.model.Printable;
import org.jns.model.Step;

/**
 * Makes the namespaces of other kinds that a plan needs, through jns-spaces: a thread of a JVM can make no time
 * namespace and no process in a PID namespace. The required host files are opened before the view is begun. Until
 * {@link #handOver}, closing this ends what was made.
 *
 * <p>Reasons: docs/decisions/08-other-namespaces.md
 */
public final class OwnSpaces implements AutoCloseable {
    private static final String FOLDER = "/usr/lib/jns";
    private static final String PROGRAM = "jns-spaces";
    private static final String PROC = "/proc";
    /** The first if both versions of cgroups are in use, the second if only version 2 is. */
    private static final List<String> CGROUPS = List.of("/sys/fs/cgroup/unified", "/sys/fs/cgroup");

    private static final int MOST_PROCS = 16;
    /** The kernel first takes down network namespaces that have ended, and a new one waits for that. */
    private static final long WITHIN_MS = 5000;

    private final Syscalls sys;
    private final Plan plan;

    @SuppressWarnings("NullAway.Init") // open() does, if the plan has namespaces
    private Fd folder;

    @SuppressWarnings("NullAway.Init") // as above
    private Fd proc;

    @SuppressWarnings("NullAway.Init") // as above
    private Fd cgroups;

    @SuppressWarnings("NullAway.Init") // set with the first process
    private Fd connection;

    private int init;
    private List<Namespaces.Other> made = List.of();
    private List<Fd> procs = List.of();

    public OwnSpaces(Syscalls sys, Plan plan) {
        this.sys = sys;
        this.plan = plan;
    }

    /**
     * Opens what making them needs of the host's files. Must be called in the host's view. Costs nothing for a plan
     * without such namespaces.
     *
     * @return this
     */
    public OwnSpaces open() {
        if (!plan.spaces().isEmpty()) {
            folder = sys.open(FOLDER, OpenAs.DIRECTORY);
            proc = sys.open(PROC, OpenAs.PATH);
            cgroups = openCgroups(sys);
        }
        return this;
    }

    /** Without cgroups, a cgroup namespace begins at its maker's position, so any folder will do. */
    private static Fd openCgroups(Syscalls sys) {
        for (String path : CGROUPS) {
            try {
                return sys.open(path, OpenAs.PATH);
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
                    throw e;
                }
            }
        }
        return sys.open(PROC, OpenAs.PATH);
    }

    /**
     * Does nothing for a plan without such namespaces.
     *
     * @param leader the process that logs in
     * @return the error, or empty
     */
    public String make(int leader) {
        if (plan.spaces().isEmpty()) {
            return "";
        }
        int wanted = 0;
        for (Step step : plan.lateSteps()) {
            wanted += step instanceof Step.Proc ? 1 : 0;
        }
        if (wanted > MOST_PROCS) {
            return "cannot make namespaces: the rules want more than " + MOST_PROCS + " procs";
        }
        List<NamespaceKind> kinds = plan.spaces().kinds();
        Optional<Syscalls.Report> started;
        try {
            started = sys.startProgram(
                    folder, proc, cgroups, command(kinds, leader, wanted), kinds.size() + wanted, WITHIN_MS);
        } catch (SyscallException e) {
            return "cannot make namespaces: " + e.getMessage();
        }
        if (started.isEmpty()) {
            return "cannot make namespaces: " + PROGRAM + " has given no answer";
        }
        return take(started.get(), kinds, wanted);
    }

    /** In the form that jns-spaces expects. */
    private List<String> command(List<NamespaceKind> kinds, int leader, int wanted) {
        StringBuilder words = new StringBuilder();
        for (NamespaceKind kind : kinds) {
            words.append(words.length() == 0 ? "" : ",").append(kind.word());
        }
        List<String> command = new ArrayList<>();
        command.add(PROGRAM);
        command.add(words.toString());
        command.add(
                plan.spaces().hostname().isPresent() ? plan.spaces().hostname().get() : "-");
        command.add(Integer.toString(leader));
        command.add(Integer.toString(wanted));
        return command;
    }

    private String take(Syscalls.Report started, List<NamespaceKind> kinds, int wanted) {
        connection = started.connection();
        List<Fd> passed = started.passed();
        String text = new String(started.packet(), StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        String trouble = end < 0 ? "" : Printable.of(text.substring(0, end));
        boolean whole = end >= 0 && trouble.isEmpty() && passed.size() == kinds.size() + wanted;
        String number = whole ? text.substring(end + 1) : "";
        if (!whole || (plan.spaces().has(NamespaceKind.PID) && !isNumber(number))) {
            closeAll(passed);
            return trouble.isEmpty()
                    ? "cannot make namespaces: " + PROGRAM + " has given an answer that is not whole"
                    : trouble;
        }
        init = plan.spaces().has(NamespaceKind.PID) ? Integer.parseInt(number) : 0;
        List<Namespaces.Other> others = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            others.add(new Namespaces.Other(kinds.get(i), passed.get(i)));
        }
        made = others;
        procs = passed.subList(kinds.size(), passed.size());
        return "";
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 9;
    }

    /** The namespaces that were made; this object owns them until {@link #handOver}. */
    public List<Namespaces.Other> made() {
        return made;
    }

    /** Contexts of file systems of type proc for the PID namespace, one for each that the plan's late steps want. */
    public List<Fd> procs() {
        return procs;
    }

    /** The first process of the PID namespace; empty if there is none. */
    public Optional<Integer> init() {
        return init == 0 ? Optional.empty() : Optional.of(init);
    }

    /**
     * The namespaces belong to the caller from now on, and outlive this process.
     *
     * @throws SyscallException if the first process of the PID namespace has ended
     */
    public void handOver() {
        made = List.of();
        if (init != 0) {
            sys.nod(connection);
        }
    }

    private static void closeAll(List<Fd> files) {
        for (Fd file : files) {
            file.close();
        }
    }

    private static void close(Fd file) {
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void close() {
        for (Namespaces.Other other : made) {
            other.file().close();
        }
        made = List.of();
        closeAll(procs);
        procs = List.of();
        close(folder);
        close(proc);
        close(cgroups);
        close(connection);
    }
}
