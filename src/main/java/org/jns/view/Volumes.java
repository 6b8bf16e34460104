// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.Plan;
import org.jns.model.Printable;
import org.jns.model.Subject;
import org.jns.model.Volume;

/**
 * Mounts the volumes of a plan in the finished view of this thread, through jns-volume. One process of it stays with
 * each mounted volume. The required host files are opened before the view is begun. The password is passed on as a
 * descriptor and is never read here.
 *
 * <p>Reasons: docs/decisions/51-volumes.md
 */
public final class Volumes implements AutoCloseable {
    private static final String FOLDER = "/usr/lib/jns";
    private static final String STARTER = "jns-volume";
    private static final String NOTHING = "/dev/null";
    /** jns-volume enforces the limit; the daemon waits a little longer. */
    private static final int GRACE_MS = 1500;

    private final Syscalls sys;
    private final Plan plan;
    private List<Long> groups = List.of();
    private Optional<Fd> password = Optional.empty();
    private final List<Volume> mounted = new ArrayList<>();
    private final List<Volume> failed = new ArrayList<>();
    private final List<Integer> processes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    /**
     * Connections to the processes that keep the volumes mounted: these end with their connection, unless the daemon
     * has confirmed them.
     */
    private final List<Fd> connections = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // open() does, if there are volumes
    private Fd folder;

    @SuppressWarnings("NullAway.Init") // as above
    private Fd nothing;

    /** A volume that could not be mounted, so that no session may get the view. */
    public record Failed(Volume volume, String why) {}

    public Volumes(Syscalls sys, Plan plan) {
        this.sys = sys;
        this.plan = plan;
    }

    /**
     * Opens what mounting needs of the host's files. Must be called in the host's view. Costs nothing for a plan without
     * volumes.
     *
     * @param groups ids of all groups of the subject
     * @param password a pipe with the password, which the caller owns; present if a volume of the plan needs it
     * @return this
     */
    public Volumes open(List<Long> groups, Optional<Fd> password) {
        this.groups = groups;
        this.password = password;
        if (!plan.volumes().isEmpty()) {
            folder = sys.open(FOLDER, OpenAs.DIRECTORY);
            nothing = sys.open(NOTHING, OpenAs.READ);
        }
        return this;
    }

    /** Mounts all volumes, in order, until one fails. */
    public Optional<Failed> mount() {
        for (Volume volume : plan.volumes()) {
            String trouble = mount(volume);
            if (trouble.isEmpty()) {
                mounted.add(volume);
                continue;
            }
            String why = "cannot mount a volume on " + volume.target() + ": " + trouble;
            if (volume.required()) {
                return Optional.of(new Failed(volume, why));
            }
            warnings.add(why);
            failed.add(volume);
        }
        return Optional.empty();
    }

    /**
     * The processes belong to the view from now on. If one has ended already, nobody is told: the view is then damaged.
     */
    public void handOver() {
        for (Fd connection : connections) {
            try {
                sys.nod(connection);
            } catch (SyscallException e) {
                continue;
            }
        }
    }

    public List<Volume> mounted() {
        return List.copyOf(mounted);
    }

    /** The volumes that may fail, and have failed. */
    public List<Volume> failed() {
        return List.copyOf(failed);
    }

    /** The processes that keep the volumes mounted. */
    public List<Integer> processes() {
        return List.copyOf(processes);
    }

    /** The errors of volumes that may fail. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The output of the programs of the others. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Empty if there was no error. */
    private String mount(Volume volume) {
        Optional<Syscalls.Report> report;
        try {
            Fd input = volume.password() ? password.orElse(nothing) : nothing;
            report = sys.startProgram(folder, input, nothing, command(volume), volume.milliseconds() + GRACE_MS);
        } catch (SyscallException e) {
            return e.getMessage();
        }
        if (report.isEmpty()) {
            return STARTER + " has given no answer";
        }
        connections.add(report.get().connection());
        return take(volume, new String(report.get().packet(), StandardCharsets.UTF_8));
    }

    /**
     * Reads the report: the error, on a line; then the pid of the process that stays, a blank, and the program's
     * output.
     */
    private String take(Volume volume, String report) {
        int end = report.indexOf('\n');
        int blank = report.indexOf(' ', end + 1);
        if (end < 0 || blank < 0) {
            return STARTER + " has given an answer that is not whole";
        }
        String said = Hooks.shortened(report.substring(blank + 1));
        String trouble = Printable.of(report.substring(0, end));
        if (!trouble.isEmpty()) {
            return trouble + (said.isEmpty() ? hint(volume, trouble) : "; it said: " + said);
        }
        int process;
        try {
            process = Integer.parseInt(report.substring(end + 1, blank));
        } catch (NumberFormatException e) {
            process = 0;
        }
        if (process <= 0) {
            return STARTER + " has given an answer that is not whole";
        }
        processes.add(process);
        if (!said.isEmpty()) {
            notes.add(volume.command().get(0) + " said: " + said);
        }
        return "";
    }

    /** encfs prints nothing if its file is missing or damaged. */
    private static String hint(Volume volume, String trouble) {
        return volume.source().isPresent() && trouble.contains("status")
                ? "; look whether there is a volume in " + volume.source().get()
                : "";
    }

    /** In the form that jns-volume expects. */
    private List<String> command(Volume volume) {
        Subject subject = plan.subject();
        List<String> command = new ArrayList<>();
        command.add(STARTER);
        command.add(Integer.toString(volume.milliseconds()));
        command.add(Hooks.ids(subject, groups));
        command.add(subject.user());
        command.add(Long.toString(subject.uid()));
        command.add(subject.home());
        command.add(subject.service());
        // k: the process that mounted it must live until it learns the owner. w: it must have mounted something when it
        // goes into the background.
        command.add((volume.password() ? "p" : "") + (volume.create() ? "c" : "") + "kw");
        command.add(volume.source().isPresent() ? volume.source().get().value() : "-");
        command.add(volume.target().value());
        command.add(Integer.toString(volume.creating().size()));
        command.addAll(volume.creating());
        command.addAll(volume.command());
        return command;
    }

    /** Unmounts the volumes, unless they were handed over: nobody will see them. */
    @Override
    public void close() {
        connections.forEach(Fd::close);
        connections.clear();
        if (folder != null) {
            folder.close();
        }
        if (nothing != null) {
            nothing.close();
        }
    }
}
