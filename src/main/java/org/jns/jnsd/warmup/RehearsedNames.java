// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.warmup;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.config.AccountsBefore;
import org.jns.config.Policy;
import org.jns.config.Subjects;
import org.jns.linux.Fd;
import org.jns.linux.Hanging;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.NameService;
import org.jns.linux.NotAnswering;
import org.jns.linux.Progress;
import org.jns.model.Admission;
import org.jns.model.RuleSet;

/**
 * Rehearses the look-ups: for a user other than root, with a database that may not answer, and while other look-ups
 * hang.
 */
final class RehearsedNames {
    private static final long WITHIN_MS = 1000;
    private static final String SOMEBODY = "nobody";

    private RehearsedNames() {}

    /**
     * Does not wait for the user database: the classes of its look-ups are used before a login's first mount, so that
     * they may also be loaded later.
     *
     * @param rules whose outcome a look-up of groups may decide
     */
    static void run(Fd proc, RuleSet rules) {
        hang();
        Thread asking = new Thread(() -> ask(proc, rules), "rehearsed-names");
        asking.setDaemon(true);
        asking.start();
        try {
            asking.join(WITHIN_MS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("rehearsal failed", e);
        }
    }

    private static void hang() {
        Hanging hanging = new Hanging();
        hanging.set(List.of(new Hanging.Spot("/dev", false, Set.of("/dev/shm"), 1, true)));
        Progress progress = new Progress(hanging);
        for (String path : List.of("/dev/null", "/dev/shm/a", "/", Progress.USERS)) {
            try {
                progress.at(path);
            } catch (NotAnswering e) {
                String unused = e.getMessage();
            }
        }
    }

    private static void ask(Fd proc, RuleSet rules) {
        Subjects subjects =
                new Subjects(new NameService(), new LinuxSyscalls(proc), Progress.unwatched(), new AccountsBefore(), 0);
        Policy policy = new Policy(
                Optional.of(rules),
                Admission.NONE,
                Map.of(0L, "root"),
                List.of("daemon"),
                true,
                true,
                Set.of("root"),
                Set.of());
        try {
            subjects.unasked(SOMEBODY, "rehearsal", "", policy);
            subjects.of(SOMEBODY, "rehearsal", "", policy);
        } catch (Subjects.Unknown e) {
            // Some machines lack this user.
            return;
        }
    }
}
