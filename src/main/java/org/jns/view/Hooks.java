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
import org.jns.model.Hook;
import org.jns.model.Plan;
import org.jns.model.Printable;
import org.jns.model.Subject;

/**
 * Runs the programs of a plan in the finished view of this thread, through jns-hook. That turns each into a process
 * without any of the daemon's files and memory, and ends it in time. The required host files are opened before the view
 * is begun.
 *
 * <p>Reasons: docs/decisions/50-hooks.md
 */
public final class Hooks implements AutoCloseable {
    private static final String FOLDER = "/usr/lib/jns";
    private static final String STARTER = "jns-hook";
    private static final String NOTHING = "/dev/null";
    /** jns-hook enforces the limit; the daemon waits a little longer. */
    private static final int GRACE_MS = 1500;

    private static final int MOST_LINES = 3;

    private final Syscalls sys;
    private final Plan plan;
    private List<Long> groups = List.of();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // open() does, if there are hooks
    private Fd folder;

    @SuppressWarnings("NullAway.Init") // as above
    private Fd nothing;

    /** A program that failed, so that no session may get the view. */
    public record Failed(Hook hook, String why) {}

    public Hooks(Syscalls sys, Plan plan) {
        this.sys = sys;
        this.plan = plan;
    }

    /**
     * Opens what the programs need of the host's files. Must be called in the host's view. Costs nothing for a plan
     * without hooks.
     *
     * @param groups ids of all groups of the subject, if a program runs as the user
     * @return this
     */
    public Hooks open(List<Long> groups) {
        this.groups = groups;
        if (!plan.hooks().isEmpty()) {
            folder = sys.open(FOLDER, OpenAs.DIRECTORY);
            nothing = sys.open(NOTHING, OpenAs.READ);
        }
        return this;
    }

    /** Runs all programs, in order, until one fails. */
    public Optional<Failed> run() {
        for (Hook hook : plan.hooks()) {
            String trouble = run(hook);
            if (!trouble.isEmpty()) {
                String why = "cannot run " + hook.program() + ": " + trouble;
                if (hook.required()) {
                    return Optional.of(new Failed(hook, why));
                }
                warnings.add(why);
            }
        }
        return Optional.empty();
    }

    /** The errors of programs that may fail. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The output of the others. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Empty if there was no error. */
    private String run(Hook hook) {
        Optional<byte[]> report;
        try {
            report = sys.runProgram(folder, nothing, command(hook), hook.milliseconds() + GRACE_MS);
        } catch (SyscallException e) {
            return e.getMessage();
        }
        if (report.isEmpty()) {
            return STARTER + " has given no answer";
        }
        String text = new String(report.get(), StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        if (end < 0) {
            return STARTER + " has given an answer that is not whole";
        }
        String said = shortened(text.substring(end + 1));
        String trouble = Printable.of(text.substring(0, end));
        if (trouble.isEmpty()) {
            if (!said.isEmpty()) {
                notes.add(hook.program() + " said: " + said);
            }
            return "";
        }
        return said.isEmpty() ? trouble : trouble + "; it said: " + said;
    }

    /** In the form that jns-hook expects. */
    private List<String> command(Hook hook) {
        Subject subject = plan.subject();
        List<String> command = new ArrayList<>();
        command.add(STARTER);
        command.add(Integer.toString(hook.milliseconds()));
        command.add(hook.asUser() ? ids(subject, groups) : "root");
        command.add(subject.user());
        command.add(Long.toString(subject.uid()));
        command.add(subject.service());
        command.add(hook.program().value());
        command.addAll(hook.arguments());
        return command;
    }

    /** In the form that jns-hook and jns-volume expect. */
    static String ids(Subject subject, List<Long> groups) {
        StringBuilder ids = new StringBuilder()
                .append(subject.uid())
                .append(':')
                .append(subject.gid())
                .append(':');
        for (int i = 0; i < groups.size(); i++) {
            ids.append(i == 0 ? "" : ",").append(groups.get(i).longValue());
        }
        return ids.toString();
    }

    /** The first lines that are not empty, joined to one line. */
    static String shortened(String text) {
        StringBuilder shown = new StringBuilder();
        int lines = 0;
        int at = 0;
        while (at < text.length() && lines < MOST_LINES) {
            int end = text.indexOf('\n', at);
            String line = Printable.of(
                    text.substring(at, end < 0 ? text.length() : end).strip());
            if (!line.isEmpty()) {
                shown.append(lines++ == 0 ? "" : " / ").append(line);
            }
            at = end < 0 ? text.length() : end + 1;
        }
        return shown.toString();
    }

    @Override
    public void close() {
        if (folder != null) {
            folder.close();
        }
        if (nothing != null) {
            nothing.close();
        }
    }
}
