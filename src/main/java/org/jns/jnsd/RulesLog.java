// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.List;
import org.jns.advice.Advice;
import org.jns.advice.FolderAdvice;
import org.jns.config.Settings;
import org.jns.linux.NameService;
import org.jns.linux.Syscalls;
import org.jns.linux.Threads;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.rules.ini.RulesSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the settings and rules that were read. */
final class RulesLog {
    private static final Logger LOG = LoggerFactory.getLogger(RulesLog.class);

    /** journald limits its rate, and log lines about logins would be lost as well: journald.conf(5), RateLimitBurst. */
    private static final int MOST_AT_ONCE = 20;

    private RulesLog() {}

    static void write(List<Problem> problems) {
        for (Problem problem : problems.subList(0, Math.min(problems.size(), MOST_AT_ONCE))) {
            (problem.isError() ? LOG.atError() : LOG.atWarn())
                    .addKeyValue("EVENT", "rules-problem")
                    .log("{}", problem);
        }
        if (problems.size() > MOST_AT_ONCE) {
            LOG.atWarn()
                    .addKeyValue("EVENT", "rules-problem")
                    .log("and {} more: run jnsctl check", problems.size() - MOST_AT_ONCE);
        }
    }

    static void advise(Settings.Loaded loaded, Syscalls sys) {
        write(FolderAdvice.on(loaded, sys));
        aside(() -> write(Advice.on(loaded, Advice.people(new NameService()))));
    }

    static void advise(RuleSet rules, List<RulesSource> sources) {
        aside(() -> write(Advice.on(rules, sources, Advice.people(new NameService()))));
    }

    /** Runs on a separate thread: no login waits while a directory service answers about the names. */
    private static void aside(Runnable asking) {
        Thread thread = new Thread(asking, "advice");
        thread.setDaemon(true);
        if (!Threads.start(thread)) {
            LOG.warn("cannot look for faults in the rules: jnsd may not start another thread; run: jnsctl check");
        }
    }
}
