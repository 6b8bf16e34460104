// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Stat;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.Position;
import org.jns.model.Printable;
import org.jns.model.Problem;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.StrictIni;

/** Reads the admin's files: regular files of bounded size that only root can change. */
public final class TrustedFiles {
    private static final String SUFFIX = ".conf";
    /** Limit for all files together: the daemon's heap is small. */
    static final int MOST_BYTES = 4 << 20;

    private final Syscalls sys;
    private final boolean mustBeRoots;
    private int left = MOST_BYTES;

    /** @param mustBeRoots false if an ordinary user checks user-owned files */
    public TrustedFiles(Syscalls sys, boolean mustBeRoots) {
        this.sys = sys;
        this.mustBeRoots = mustBeRoots;
    }

    /**
     * The readable files, and the problems of the others.
     *
     * @param isMissing whether the file or folder does not exist
     */
    public record Content(List<RulesSource> sources, List<Problem> problems, boolean isMissing) {}

    /** All {@code *.conf} files of a folder, sorted by name; a missing folder is empty, with a warning. */
    public Content folder(AbsPath path) {
        List<RulesSource> sources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        boolean missing = false;
        left = MOST_BYTES;
        try (Fd folder = sys.open(Optional.empty(), path.value(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            problemOf(sys.stat(folder))
                    .ifPresent(why -> problems.add(error(path.value(), "cannot use this folder: " + why)));
            List<String> names = new ArrayList<>(sys.list(folder));
            names.removeIf(name -> !name.endsWith(SUFFIX) || name.startsWith("."));
            names.sort(null);
            for (String name : names) {
                if (!Printable.is(name)) {
                    String shown = path + "/" + Printable.of(name);
                    problems.add(error(shown, "cannot use this file: its name has a control character; rename it"));
                    continue;
                }
                read(Optional.of(folder), name, path.child(name).value(), sources, problems);
            }
        } catch (SyscallException e) {
            missing = e.errno() == Errno.ENOENT;
            String message = "cannot read this folder: " + Errno.text(e.errno());
            problems.add(
                    missing
                            ? Problem.warning(new Position(path.value(), 1, 1), message + "; there are no rules")
                            : error(path.value(), message));
        }
        return new Content(sources, problems, missing);
    }

    /** One file. */
    public Content file(AbsPath path) {
        List<RulesSource> sources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        boolean missing = !read(Optional.empty(), path.value(), path.value(), sources, problems);
        return new Content(sources, problems, missing);
    }

    private static Problem error(String file, String message) {
        return Problem.error(new Position(file, 1, 1), message);
    }

    /** Whether the file exists. */
    private boolean read(
            Optional<Fd> folder, String name, String shown, List<RulesSource> sources, List<Problem> problems) {
        try (Fd handle = sys.open(folder, name, OpenAs.PATH, Walk.NO_LINKS)) {
            // Opening a device for reading can already have an effect, so its type is checked first.
            Optional<String> problem = problemOfFile(sys.stat(handle));
            if (problem.isEmpty()) {
                try (Fd file = sys.open(folder, name, OpenAs.READ, Walk.NO_LINKS)) {
                    problem = problemOfFile(sys.stat(file)).or(() -> read(file, shown, sources));
                }
            }
            problem.ifPresent(why -> problems.add(error(shown, why)));
            return true;
        } catch (SyscallException e) {
            return cannotRead(shown, e, problems);
        }
    }

    private Optional<String> read(Fd file, String shown, List<RulesSource> sources) {
        // One byte more than the limit, so that the reader notices a file that is too long.
        byte[] bytes = sys.read(file, StrictIni.MAX_FILE + 1);
        if (bytes.length > left) {
            return Optional.of("cannot read this file: with the files before it there are more than "
                    + (MOST_BYTES >> 20) + " MiB");
        }
        left -= bytes.length;
        sources.add(new RulesSource(shown, bytes));
        return Optional.empty();
    }

    private static boolean cannotRead(String shown, SyscallException e, List<Problem> problems) {
        String hint = e.errno() == Errno.ELOOP ? "; it is a symbolic link: put the file itself there" : "";
        problems.add(error(shown, "cannot read this file: " + Errno.text(e.errno()) + hint));
        return e.errno() != Errno.ENOENT;
    }

    private Optional<String> problemOfFile(Stat stat) {
        return (stat.isRegular() ? problemOf(stat) : Optional.of("it is not a regular file"))
                .map(why -> "cannot use this file: " + why);
    }

    private Optional<String> problemOf(Stat stat) {
        return mustBeRoots && !stat.isRootOnly()
                ? Optional.of(
                        "somebody other than root can change it; let root own it, and take write permission from group and others")
                : Optional.empty();
    }
}
