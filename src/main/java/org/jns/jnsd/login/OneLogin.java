// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jns.config.Known;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.jnsd.views.JoinableViews;
import org.jns.jnsd.views.RecordedViews;
import org.jns.linux.Fd;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.Problem;
import org.jns.model.Question;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.plan.Planner;
import org.jns.rules.RuleMatcher;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.jns.state.Pins;
import org.jns.state.Records;

/**
 * The daemon for one login, {@code jnsd --once}: it runs the same thread on one existing connection. The login waits
 * for the JVM's start, so nothing is loaded before the answer that the answer does not need, least of all the logger.
 */
public final class OneLogin {
    /** Well below the timeout of the module. */
    private static final long GROUPS_WITHIN_MS = 1500;

    private final Syscalls sys;
    private final Fd proc;
    private final Settings settings;
    private final List<Served> served = new ArrayList<>();

    public OneLogin(Syscalls sys, Fd proc, Settings settings) {
        this.sys = sys;
        this.proc = proc;
        this.settings = settings;
    }

    /**
     * Loads the classes for reading rules and planning on a second thread, while this thread loads those for system
     * calls. The second thread stays in the host's view, and need not finish.
     */
    public static void loadAhead() {
        Thread thread = new Thread(OneLogin::practise, "load-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    private static void practise() {
        String text =
                "[a]\naction = private\ntarget = /tmp, ${home}/b\nexcept = user:root, group:a\noptions = nosuid\n";
        RulesSource source = new RulesSource("practice", text.getBytes(StandardCharsets.UTF_8));
        Subject subject = new Subject("a", 1, 1, "a", Set.of(), "/home/a", "", "a", "");
        Selection selection =
                RuleMatcher.select(RulesParser.parse(List.of(source)).rules(), subject);
        Map<AbsPath, Fact> facts = new HashMap<>();
        for (Question question : Planner.questions(selection, subject)) {
            facts.put(question.path(), new Fact.Missing());
        }
        Planner.plan(selection, subject, new Facts(facts), List.of());
    }

    /**
     * Serves the request on the connection.
     *
     * @return what is left to log
     */
    public List<Served> serve(Fd connection) {
        Places places = settings.places();
        RulesFolder.InForce inForce = new RulesFolder(sys, settings).atStart();
        for (Problem error : inForce.files().errors()) {
            served.add(new Served.Dropped(error.toString()));
        }
        Fd hostNamespace = sys.namespaceOfThisThread();
        Pins pins = Pins.open(sys, places.state(), hostNamespace);
        Records records = new Records(sys, places.state());
        JoinableViews views = new RecordedViews(sys, records, pins, places.state(), hostNamespace);
        Workbench bench = new Workbench(
                new Workbench.Common(proc, hostNamespace, places, records, pins, views, GROUPS_WITHIN_MS, 0));
        // The groups are looked up after the user is known: a login of root needs no look-up.
        Policy policy = Policy.of(inForce.rules(), settings.admission(), Known.NOTHING);
        // On the main thread: the JVM's own threads stay in the host's view, and the process ends with the login.
        LoginThread.serveOne(bench, () -> policy, served::add, connection);
        return served;
    }
}
