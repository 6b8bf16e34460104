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
import org.jns.linux.Syscalls.Walk;
import org.jns.model.Plan;
import org.jns.model.Printable;
import org.jns.model.Subject;
import org.jns.model.Volume;

/**
 * Mounts the volumes of a plan in the finished view of this thread, through jns-volume, of which a process stays with each that is
 * mounted. What that needs of the host's files is opened before the view is begun. The password passes by as a descriptor and is never
 * read here.
 */
public final class Volumes implements AutoCloseable {
    private static final String FOLDER = "/usr/lib/jns";
    private static final String STARTER = "jns-volume";
    private static final String NOTHING = "/dev/null";
    /** jns-volume holds the limit; it is waited for a little longer. */
    private static final int GRACE_MS = 1500;

    private final Syscalls sys;
    private final Plan plan;
    private final List<Long> groups;
    private final Optional<Fd> password;
    private final List<Volume> mounted = new ArrayList<>();
    private final List<Volume> failed = new ArrayList<>();
    private final List<Integer> processes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    /** To those that look after the mounted ones: they end with it, unless they have been nodded at. */
    private final List<Fd> connections = new ArrayList<>();

    private Fd folder;
    private Fd nothing;

    /** A volume that could not be mounted, and the view is not to be handed to anybody for it. */
    public record Failed(Volume volume, String why) {}

    private Volumes(Syscalls sys, Plan plan, List<Long> groups, Optional<Fd> password) {
        this.sys = sys;
        this.plan = plan;
        this.groups = groups;
        this.password = password;
    }

    /**
     * To be called in the host's view. Costs nothing for a plan without volumes.
     *
     * @param groups ids of all groups of the subject's
     * @param password a pipe that has it, the caller's; there if a volume of the plan's wants it
     */
    public static Volumes prepare(Syscalls sys, Plan plan, List<Long> groups, Optional<Fd> password) {
        Volumes volumes = new Volumes(sys, plan, groups, password);
        if (plan.volumes().isEmpty()) {
            return volumes;
        }
        try {
            volumes.folder = sys.open(Optional.empty(), FOLDER, OpenAs.DIRECTORY, Walk.NO_LINKS);
            volumes.nothing = sys.open(Optional.empty(), NOTHING, OpenAs.READ, Walk.NO_LINKS);
            return volumes;
        } catch (RuntimeException e) {
            volumes.close();
            throw e;
        }
    }

    /** All of them, in order, until one fails. */
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

    /** From now on they belong to the view. One that has ended by now has nobody to hear that: the view is not whole. */
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

    /** Those that may fail, and have. */
    public List<Volume> failed() {
        return List.copyOf(failed);
    }

    /** Those that look after the mounted ones. */
    public List<Integer> processes() {
        return List.copyOf(processes);
    }

    /** What went wrong with volumes that may fail. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** What the programs of the others said. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Empty if nothing went wrong. */
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

    /** From the report: what went wrong, on a line; then the number of the process that stays, a blank, and what the program said. */
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

    /** encfs says nothing where its file is missing or damaged. */
    private static String hint(Volume volume, String trouble) {
        return volume.source().isPresent() && trouble.contains("status") ? "; look whether there is a volume in " + volume.source().get() : "";
    }

    /** As jns-volume wants it. */
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
        // k: who mounted it must live to hear whose it is. w: it must have mounted something when it goes into the background.
        command.add((volume.password() ? "p" : "") + (volume.create() ? "c" : "") + "kw");
        command.add(volume.source().isPresent() ? volume.source().get().value() : "-");
        command.add(volume.target().value());
        command.add(Integer.toString(volume.creating().size()));
        command.addAll(volume.creating());
        command.addAll(volume.command());
        return command;
    }

    /** What is mounted ends, unless it was handed over: nobody will see it. */
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
