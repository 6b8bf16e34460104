// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.PathTemplate;
import org.jns.model.Problem;
import org.jns.model.Question;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.view.FactsProbe;

/**
 * Finds rules that hide from a session what every program needs to start: the shell, the loader that the shell asks
 * for, and the C library in the loader's folder. On a merged-/usr system they all are in /usr/lib, somewhere. Also what
 * hardly any session works without: login shells, the list of users, and /dev/null.
 */
public final class LoaderAdvice {
    private static final AbsPath SHELL = AbsPath.of("/bin/sh");
    private static final String LIBRARY = "libc.so.6";
    private static final AbsPath USERS = AbsPath.of("/etc/passwd");
    private static final AbsPath NOWHERE = AbsPath.of("/dev/null");
    private static final int MOST_OF_USERS = 1 << 20;
    private static final int MOST_SHELLS = 20;
    private static final int SHELL_FIELD = 6;
    private static final String NO_PROGRAM = "so that no program starts in it";
    /** Program headers and the loader's name are at the beginning of a program. */
    private static final int HEAD = 4096;

    private final RuleSet rules;
    private final Syscalls sys;
    private final FactsProbe probe;
    private final List<Vital> vital = new ArrayList<>();

    /** @param without the consequence for a session without the file */
    private record Vital(AbsPath file, String without) {}

    private LoaderAdvice(RuleSet rules, Syscalls sys, FactsProbe probe) {
        this.rules = rules;
        this.sys = sys;
        this.probe = probe;
    }

    /**
     * Returns only warnings, about the host's current files; none if variables or another rule may show the file again.
     */
    public static List<Problem> on(RuleSet rules, Syscalls sys) {
        List<Problem> problems = new ArrayList<>();
        try (FactsProbe probe = new FactsProbe(sys)) {
            LoaderAdvice advice = new LoaderAdvice(rules, sys, probe);
            advice.findVital();
            for (Rule rule : rules.rules()) {
                advice.lost(rule)
                        .ifPresent(file -> problems.add(Problem.warning(
                                rule.at(),
                                "rule [" + rule.name() + "] leaves a session without " + file.file() + ", "
                                        + file.without() + "; choose a narrower target, or use an overlay")));
            }
        }
        return problems;
    }

    private void findVital() {
        Optional<AbsPath> shell = add(SHELL, NO_PROGRAM);
        Optional<AbsPath> loader = shell.flatMap(file -> loader(file)).flatMap(file -> add(file, NO_PROGRAM));
        loader.ifPresent(file -> add(file.parent().child(LIBRARY), NO_PROGRAM));
        loginShells().forEach(path -> add(path, "so that nobody with this login shell can log in"));
        add(USERS, "so that programs do not know who the user is");
        add(NOWHERE, "which most shells and programs need");
    }

    /** Of the local users, except service accounts. */
    private Set<AbsPath> loginShells() {
        Set<AbsPath> shells = new LinkedHashSet<>();
        for (String line : new String(read(USERS, MOST_OF_USERS), StandardCharsets.ISO_8859_1).split("\n")) {
            String[] fields = line.split(":", -1);
            String shell = fields.length > SHELL_FIELD ? fields[SHELL_FIELD].strip() : "";
            if (shell.endsWith("sh") && shells.size() < MOST_SHELLS) {
                path(shell).ifPresent(shells::add);
            }
        }
        return shells;
    }

    private static Optional<AbsPath> path(String text) {
        try {
            return Optional.of(AbsPath.of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Adds both the name, which may be a link, and its destination, which it returns. */
    private Optional<AbsPath> add(AbsPath path, String without) {
        Optional<AbsPath> folder = resolved(path.parent());
        Optional<AbsPath> file = resolved(path);
        if (folder.isPresent() && file.isPresent()) {
            vital.add(new Vital(folder.get().child(path.name()), without));
            vital.add(new Vital(file.get(), without));
        }
        return file;
    }

    private Optional<AbsPath> loader(AbsPath shell) {
        try {
            return ElfFile.loader(head(shell)).map(AbsPath::of);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Empty if the file cannot be read. */
    private byte[] head(AbsPath path) {
        return read(path, HEAD);
    }

    private byte[] read(AbsPath path, int most) {
        try (Fd file = sys.open(Optional.empty(), path.value(), OpenAs.READ, Walk.NO_LINKS)) {
            return sys.stat(file).isRegular() ? sys.read(file, most) : new byte[0];
        } catch (SyscallException e) {
            return new byte[0];
        }
    }

    private Optional<AbsPath> resolved(AbsPath path) {
        Fact fact = probe.examine(List.of(new Question(path, false))).at(path);
        return fact instanceof Fact.Present present ? Optional.of(present.resolved()) : Optional.empty();
    }

    private Optional<AbsPath> resolved(PathTemplate path) {
        return path.isConstant() ? resolved(AbsPath.of(path.text())) : Optional.empty();
    }

    /** A file that the rule hides and nothing shows again. */
    private Optional<Vital> lost(Rule rule) {
        for (PathTemplate written : rule.directive().targets()) {
            Optional<AbsPath> target = resolved(written);
            if (target.isEmpty()) {
                continue;
            }
            for (Vital one : vital) {
                AbsPath file = one.file();
                if (file.isAtOrBelow(target.get())
                        && !shows(rule.directive(), target.get(), file)
                        && !comesBack(file, target.get())) {
                    return Optional.of(one);
                }
            }
        }
        return Optional.empty();
    }

    private boolean shows(Directive directive, AbsPath target, AbsPath file) {
        if (directive instanceof Directive.Tmpfs
                || directive instanceof Directive.Hide
                || directive instanceof Directive.Proc) {
            return false;
        }
        if (directive instanceof Directive.PrivateDir && directive.sources().isEmpty()) {
            return false;
        }
        // The other actions leave existing files visible.
        return directive.sources().isEmpty()
                || directive.sources().stream().anyMatch(source -> has(source, target, file));
    }

    private boolean has(PathTemplate source, AbsPath target, AbsPath file) {
        Optional<AbsPath> from = resolved(source);
        if (from.isEmpty()) {
            return true;
        }
        Optional<AbsPath> shown = resolved(file.rebase(target, from.get()));
        // A loader ignores a library for another type of programs.
        return shown.isPresent()
                && ElfFile.kind(head(shown.get()))
                        == ElfFile.kind(head(resolved(file).orElse(file)));
    }

    /** Whether some rule shows a path in between. */
    private boolean comesBack(AbsPath file, AbsPath target) {
        for (Rule rule : rules.rules()) {
            for (PathTemplate written : rule.directive().targets()) {
                if (!written.isConstant()) {
                    continue;
                }
                AbsPath path = AbsPath.of(written.text());
                AbsPath inner = resolved(path).orElse(path);
                if (inner.isBelow(target) && file.isAtOrBelow(inner)) {
                    return true;
                }
            }
        }
        return false;
    }
}
