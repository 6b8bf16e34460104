// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Problem;
import org.jns.model.Question;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.view.FactsProbe;

/** Checks what the volumes of rules need on the host now. */
public final class VolumeAdvice {
    private static final AbsPath DEVICE = AbsPath.of("/dev/fuse");
    /** The mount program of libfuse 3, and that of libfuse 2, which is a link to it if both are installed. */
    private static final List<AbsPath> HELPERS =
            List.of(AbsPath.of("/usr/bin/fusermount3"), AbsPath.of("/usr/bin/fusermount"));

    private static final int SETUID = 04000;
    private static final int FOR_OTHERS = 06;

    private VolumeAdvice() {}

    /** Returns only warnings. */
    public static List<Problem> on(RuleSet rules, Syscalls sys) {
        List<Problem> problems = new ArrayList<>();
        String machine = null;
        for (Rule rule : rules.rules()) {
            if (!(rule.directive() instanceof Directive.Volume volume)) {
                continue;
            }
            String program = program(volume);
            String trouble = program.isEmpty() ? "" : HookAdvice.trouble(AbsPath.of(program), rules, sys);
            if (!trouble.isEmpty()) {
                problems.add(Problem.warning(
                        rule.at(), "rule [" + rule.name() + "] cannot mount with " + program + ": " + trouble));
            }
            machine = machine == null ? machine(sys) : machine;
            if (!machine.isEmpty()) {
                problems.add(
                        Problem.warning(rule.at(), "rule [" + rule.name() + "] cannot mount a volume: " + machine));
            }
        }
        return problems;
    }

    /** Empty if its path has variables. */
    private static String program(Directive.Volume volume) {
        return switch (volume.kind()) {
            case ENCFS -> "/usr/bin/encfs";
            case GOCRYPTFS -> "/usr/bin/gocryptfs";
            case FUSE ->
                volume.program()
                        .filter(path -> path.isConstant())
                        .map(path -> path.text())
                        .orElse("");
        };
    }

    /** What is missing for all volumes; empty if nothing is. */
    private static String machine(Syscalls sys) {
        Optional<Fact.Present> device = look(DEVICE, sys);
        if (device.isEmpty()) {
            return "there is no " + DEVICE + "; load the kernel module fuse";
        }
        if ((device.get().mode() & FOR_OTHERS) != FOR_OTHERS) {
            return "not everybody may use " + DEVICE + "; run chmod 666 on it";
        }
        boolean found = false;
        for (AbsPath path : HELPERS) {
            Optional<Fact.Present> helper = look(path, sys);
            found |= helper.isPresent();
            if (helper.isPresent()
                    && (helper.get().mode() & SETUID) != 0
                    && helper.get().uid() == 0) {
                return "";
            }
        }
        return found
                ? HELPERS.get(0) + " is not set-user-ID root; run chmod u+s on it"
                : "there is no " + HELPERS.get(0) + "; install fuse3";
    }

    private static Optional<Fact.Present> look(AbsPath path, Syscalls sys) {
        try (FactsProbe probe = new FactsProbe(sys)) {
            Fact fact = probe.examine(List.of(new Question(path, true))).at(path);
            return fact instanceof Fact.Present present ? Optional.of(present) : Optional.empty();
        }
    }
}
