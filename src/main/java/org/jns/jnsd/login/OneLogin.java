// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.config.Known;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.jnsd.views.RecordedViews;
import org.jns.jnsd.views.Views;
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
 * The helper for one login, {@code jnsd --once}: the same thread, on a connection that is there. The login waits for the JVM's start, so
 * nothing is loaded before the answer that is not needed for it; the logger least of all.
 */
public final class OneLogin {
    /** Well within the time of the module. */
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
     * Loads what reading rules and planning need, on a thread beside this one, while this one loads the way to the kernel. That thread
     * stays in the host's view, and may as well never finish.
     */
    public static void loadAhead() {
        Thread thread = new Thread(OneLogin::practise, "load-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    /** A thread's connections, where they are known beforehand. */
    public static Optional<Arrival> next(Iterator<Fd> connections) {
        return connections.hasNext() ? Optional.of(Arrival.of(connections.next())) : Optional.empty();
    }

    private static void practise() {
        String text = "[a]\naction = private\ntarget = /tmp, ${home}/b\nexcept = user:root, group:a\noptions = nosuid\n";
        RulesSource source = new RulesSource("practice", text.getBytes(StandardCharsets.UTF_8));
        Subject subject = new Subject("a", 1, 1, "a", Set.of(), "/home/a", "", "a", "");
        Selection selection = RuleMatcher.select(RulesParser.parse(List.of(source)).rules(), subject);
        Map<AbsPath, Fact> facts = new HashMap<>();
        for (Question question : Planner.questions(selection, subject)) {
            facts.put(question.path(), new Fact.Missing());
        }
        Planner.plan(selection, subject, new Facts(facts), List.of());
    }

    /**
     * @param connection that the request comes by
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
        Views views = new RecordedViews(sys, records, pins, places.state(), hostNamespace);
        Workbench bench = new Workbench(new Workbench.Common(proc, hostNamespace, places, records, pins, views, GROUPS_WITHIN_MS, 0));
        // Names are asked for when it is known who logs in: root's login asks for none.
        Policy policy = Policy.of(inForce.rules(), settings.admission(), Known.NOTHING);
        Iterator<Fd> connections = List.of(connection).iterator();
        // On the main thread: the JVM's own threads stay in the host's view, and the process ends with the login.
        new LoginThread(bench, hostNamespace, spare -> next(connections), () -> policy, new Turns(System::nanoTime), served::add).run();
        return served;
    }
}
