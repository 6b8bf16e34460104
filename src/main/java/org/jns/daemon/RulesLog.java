// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.List;
import org.jns.config.Advice;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.rules.RulesSource;
import org.jns.sys.NameService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the journal says of settings and rules that were read. */
final class RulesLog {
    private static final Logger LOG = LoggerFactory.getLogger(RulesLog.class);

    private RulesLog() {}

    static void write(List<Problem> problems) {
        for (Problem problem : problems) {
            (problem.isError() ? LOG.atError() : LOG.atWarn()).addKeyValue("EVENT", "rules-problem").log("{}", problem);
        }
    }

    /** On a thread of its own: no login waits for the time that a directory service takes over the names. */
    static void advise(RuleSet rules, List<RulesSource> sources) {
        Thread thread = new Thread(() -> write(Advice.on(rules, sources, Advice.people(new NameService()))), "advice");
        thread.setDaemon(true);
        thread.start();
    }
}
