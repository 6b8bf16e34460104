// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.folders.Drafts;
import org.jns.jnsd.login.LoginThread;
import org.jns.jnsd.login.Served;
import org.jns.jnsd.login.Workbench;
import org.jns.jnsd.views.RecordedViews;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.ArgumentTemplate;
import org.jns.model.Creation;
import org.jns.model.Directive;
import org.jns.model.Glob;
import org.jns.model.HidePid;
import org.jns.model.Lifetime;
import org.jns.model.Matcher;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.NamespaceKind;
import org.jns.model.PathTemplate;
import org.jns.model.Position;
import org.jns.model.Propagation;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Sharing;
import org.jns.model.Terms;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.SeenProcess;
import org.jns.state.StateFile;
import org.jns.state.StateFolder;
import org.jns.state.SupportProcess;
import org.jns.state.View;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;

/**
 * Performs logins that go through every kind of step, in separate folders, before the first real login. They load every
 * class that a login thread needs while the JVM's files are still visible: a class whose initialiser runs in a user's
 * view may find its files covered, and is then broken for the whole process. Repeated later, they also make the first
 * real login as fast as the hundredth; real logins need not wait for that.
 */
public final class Rehearsal {
    private static final int MORE_ROUNDS = 15;
    private static final int SHARING = 3;
    private static final byte[] LOGIN = Codec.encode(new Request.Open("root", "rehearsal", ""));
    /** Each login makes a view. */
    private static final Admission UNSHARED = new Admission(List.of(), List.of(), Sharing.NONE, true);

    private static final Position ORIGIN = new Position("rehearsal", 1, 1);
    /** One that fails, one that succeeds if it exists, and one that does not exist. */
    private static final String[] HOOKS = {"/usr/lib/jns/jns-hook", "/bin/true", "/dev/null/none"};

    private static final int HOOK_MS = 5000;
    private static final String[] FOLDERS = {
        "private",
        "source",
        "bound",
        "tmpfs",
        "hidden",
        "readonly",
        "over",
        "kept",
        "proc",
        "fresh",
        "fresh/of-host",
        "skel",
        "skel/folder"
    };

    private final Syscalls sys;
    private final AbsPath stage;
    private final Places places;
    private final Pins pins;
    private final Fd hostNamespace;
    private final ResidentViews views = new ResidentViews();

    /** @param real the stage is made in its state folder */
    public Rehearsal(Syscalls sys, Places real, Pins pins, Fd hostNamespace) {
        this.sys = sys;
        this.stage = real.state().child("rehearsal");
        this.places = new Places(real.socket(), stage.child("state"), stage.child("instances"), real.rules());
        this.pins = pins;
        this.hostNamespace = hostNamespace;
    }

    /** Runs the logins, one after another, each on a separate thread. */
    public void run(Fd proc) {
        // A race decides which of these a login thread makes; asking for them makes the JVM load all.
        Class<?>[] unused = Served.class.getPermittedSubclasses();
        buildStage();
        RehearsedNames.run(proc, policy(true).rules().orElse(RuleSet.EMPTY));
        onStage(proc, bench -> {
            runEach(bench);
            forgetWhatIsWrittenDown();
            perform(bench, this::policyThatShares, LOGIN, false);
        });
    }

    /**
     * Repeats the most common ones while real logins are served. Failures are ignored, because they succeeded before.
     */
    public void runAgain(Fd proc) {
        onStage(proc, bench -> {
            Policy usual = policy(true);
            for (int i = 0; i < MORE_ROUNDS; i++) {
                perform(bench, () -> usual, LOGIN, false);
                perform(bench, () -> policyThatShares(), LOGIN, false);
            }
        });
    }

    private void onStage(Fd proc, Consumer<Workbench> logins) {
        try (Records records = new Records(sys, places.state())) {
            logins.accept(new Workbench(new Workbench.Common(proc, hostNamespace, places, records, pins, views, 0, 0)));
        } finally {
            // The threads of the logins have shared this thread's folders, and may not have ended yet.
            sys.leaveSharedFolders();
            pins.remove(sys, views.forgetAll());
        }
    }

    private void runEach(Workbench bench) {
        List<Policy> policies = List.of(policy(true), policy(false), policyOfNobody(), Policy.UNREADABLE);
        // The second time the private folders exist already, and the last time an earlier login has failed.
        for (int which : new int[] {0, 0, 1, 2, 3, 0}) {
            Policy policy = policies.get(which);
            Served served = perform(bench, () -> policy, LOGIN, false);
            boolean granted =
                    served instanceof Served.Login login && login.answer().reply() instanceof Reply.Granted;
            if (which == 0 && !granted) {
                // A rehearsal that stops half-way loads half of the classes.
                throw new CannotStart("no view can be made here: " + why(served));
            }
        }
        List<List<Rule>> more = List.of(
                rulesOfCopies(),
                rulesOfOverlays(),
                rulesOfProc(),
                rulesOfLifetimes(Lifetime.unused(1)),
                rulesOfLifetimes(Lifetime.FOREVER));
        for (List<Rule> rules : more) {
            // A kernel may be built without what these rules need, and then refuses the users with such rules.
            Policy policy = policyOf(rules);
            perform(bench, () -> policy, LOGIN, false);
            perform(bench, () -> policy, LOGIN, false);
        }
        for (int i = 0; i < SHARING; i++) {
            perform(bench, () -> policyThatShares(), LOGIN, false);
        }
        handOn(bench);
        pretendToBeInAView();
        perform(bench, () -> policies.get(2), LOGIN, false);
        // Errors after the view is begun, and requests other than logins.
        perform(bench, this::policyThatFails, LOGIN, false);
        perform(bench, () -> policies.get(0), LOGIN, true);
        performWithPassword(bench, policies.get(0), LOGIN);
        performWithPassword(bench, policies.get(0), Codec.encode(new Request.Reload()));
        perform(bench, Rehearsal::noPolicy, LOGIN, false);
        for (String program : HOOKS) {
            Policy policy = policyWithHook(program);
            perform(bench, () -> policy, LOGIN, false);
        }
        RehearsedVolumes.policies(path("bound")).forEach(policy -> {
            perform(bench, () -> policy, LOGIN, false);
            performWithPassword(bench, policy, LOGIN);
        });
        RehearsedSpaces.policies(path("proc"), path("missing"))
                .forEach(policy -> RehearsedSpaces.end(perform(bench, () -> policy, LOGIN, false), sys));
        perform(bench, () -> policies.get(0), new byte[] {0}, false);
        for (Request request : List.of(
                new Request.Reload(),
                new Request.Try(1),
                new Request.Confirm(),
                new Request.Gc(),
                new Request.Metrics())) {
            perform(bench, () -> policies.get(0), Codec.encode(request), false);
        }
    }

    private static String why(Served served) {
        if (served instanceof Served.Login login && login.answer().reply() instanceof Reply.NotIsolated let) {
            return let.reason();
        }
        return served instanceof Served.Dropped dropped ? dropped.why() : served.toString();
    }

    /** One key for every rule: the first login makes the view, the others join it. */
    private Policy policyThatShares() {
        Rule rule = rule("shared", new Directive.Tmpfs(List.of(path("tmpfs")), MountOptions.NONE));
        return new Policy(
                Optional.of(new RuleSet(List.of(rule))), Admission.NONE, Map.of(0L, "root"), List.of(), false, false);
    }

    /** Simulates that another process has made all views, and is making one more. */
    private void forgetWhatIsWrittenDown() {
        try (Records records = new Records(sys, places.state());
                Fd state = sys.openFolder(places.state())) {
            StateFile.open(sys, state, RecordedViews.lockOf(0)).close();
            for (String id : views.forgetAll()) {
                records.markUnseen(sys, id);
            }
        }
    }

    /**
     * Each login has one rule more than the one before, and therefore another view. This kernel may lack some kinds of
     * overlays.
     */
    private void handOn(Workbench bench) {
        Directive over = new Directive.Overlay(
                List.of(path("over")), MountOptions.NONE, List.of(path("source"), path("skel")), false);
        List<Rule> rules = List.of(
                rule("tmpfs", new Directive.Tmpfs(List.of(path("tmpfs")), MountOptions.NONE)),
                always("hide", new Directive.Hide(List.of(path("file")), MountOptions.NONE)),
                always("over", over),
                always("hide-more", new Directive.Hide(List.of(path("hidden")), MountOptions.NONE)));
        for (int i = 1; i <= rules.size(); i++) {
            Optional<RuleSet> first = Optional.of(new RuleSet(rules.subList(0, i)));
            perform(
                    bench,
                    () -> new Policy(first, Admission.NONE, Map.of(0L, "root"), List.of(), false, false),
                    LOGIN,
                    false);
        }
    }

    /** A rule for every user and every login. */
    private static Rule always(String name, Directive directive) {
        return new Rule(name, ORIGIN, List.of(), List.of(), directive);
    }

    /** Root returns from it to the host's view, where it already is. */
    private void pretendToBeInAView() {
        List<SupportProcess> supportProcesses =
                List.of(new SupportProcess(SupportProcess.Kind.VOLUME, new SeenProcess(1, sys.sinceBoot())));
        List<View.Namespace> others =
                List.of(new View.Namespace(NamespaceKind.UTS, 0), new View.Namespace(NamespaceKind.PID, 0));
        View view = new View(
                "0.host",
                "root",
                0,
                sys.stat(hostNamespace).inode(),
                "host",
                List.of(),
                List.of(),
                supportProcesses,
                others,
                0);
        view.isWhole(sys);
        views.add(view, Namespaces.only(sys.namespaceOfThisThread()), "rehearsal");
    }

    private static Policy noPolicy() {
        throw new IllegalStateException("as if there were a fault of ours");
    }

    /** @param hangsUp whether the module disconnects before the answer */
    private Served perform(Workbench bench, Supplier<Policy> policy, byte[] packet, boolean hangsUp) {
        return perform(bench, policy, packet, hangsUp, Optional.empty());
    }

    /** With an empty password, which is for a login only. */
    private void performWithPassword(Workbench bench, Policy policy, byte[] packet) {
        Sockets.Pair pipe = new Sockets().pipe();
        pipe.other().close();
        try (Fd password = pipe.one()) {
            perform(bench, () -> policy, packet, false, Optional.of(password));
        }
    }

    private Served perform(
            Workbench bench, Supplier<Policy> policy, byte[] packet, boolean hangsUp, Optional<Fd> password) {
        Sockets sockets = new Sockets();
        Sockets.Pair pair = sockets.pair();
        List<Served> served = new ArrayList<>();
        try {
            sockets.send(pair.one(), packet, password);
            if (hangsUp) {
                pair.one().close();
            }
            Thread thread =
                    new Thread(() -> LoginThread.serveOne(bench, policy, served::add, pair.other()), "rehearsal");
            thread.start();
            thread.join();
            if (served.get(0) instanceof Served.Login login) {
                login.lease().ifPresent(Fd::close);
            } else if (served.get(0) instanceof Served.Asked asked) {
                asked.connection().close();
            }
            return served.get(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException("rehearsal failed", e);
        } finally {
            pair.one().close();
        }
    }

    /** Always a new one: an existing folder would not be made, and the classes that make it would not be loaded. */
    private void buildStage() {
        try (Fd around = sys.openFolder(stage.parent())) {
            Drafts.discard(sys, around, stage.name());
        }
        StateFolder.make(sys, stage, 0700);
        StateFolder.make(sys, places.state(), 0700);
        StateFolder.makeHidden(sys, places.hidden());
        Records.makeFolders(sys, places.state());
        for (String name : FOLDERS) {
            StateFolder.make(sys, stage.child(name), 0755);
        }
        try (Fd folder = sys.openFolder(stage)) {
            sys.makeLink(folder, "link", "readonly");
            sys.create(folder, "file").close();
            sys.create(folder, "skel/file").close();
            sys.makeLink(folder, "skel/link", "file");
        } catch (SyscallException e) {
            e.unless(Errno.EEXIST);
        }
    }

    private Policy policy(boolean good) {
        MountOptions flags = MountOptions.NONE.withFlags(MountFlags.NOSUID);
        MountOptions sized = new MountOptions(
                MountFlags.NODEV,
                OptionalLong.of(4096),
                OptionalLong.of(16),
                OptionalInt.of(0755),
                OptionalLong.of(0),
                OptionalLong.of(0));
        List<Rule> rules = new ArrayList<>();
        rules.add(rule("private", new Directive.PrivateDir(List.of(path("private")), flags)));
        rules.add(rule("inside", new Directive.Tmpfs(List.of(path("private/a/b")), sized)));
        rules.add(rule("bind", new Directive.Bind(path("source"), List.of(path("bound"), path("private/c")), flags)));
        rules.add(rule("tmpfs", new Directive.Tmpfs(List.of(path("tmpfs")), sized)));
        rules.add(rule("hide", new Directive.Hide(List.of(path("hidden"), path("file")), MountOptions.NONE)));
        rules.add(rule("readonly", new Directive.ReadOnly(List.of(path("link")), MountOptions.NONE)));
        rules.add(new Rule(
                "others",
                ORIGIN,
                List.of(new Matcher.User(new Glob("nobody?"))),
                List.of(),
                rules.get(0).directive()));
        if (!good) {
            rules.add(rule("missing", new Directive.Bind(path("missing"), List.of(path("source")), MountOptions.NONE)));
        }
        return new Policy(Optional.of(new RuleSet(rules)), UNSHARED, Map.of(0L, "root"), List.of(), true, true);
    }

    private List<Rule> rulesOfCopies() {
        PathTemplate skel = path("skel");
        Terms terms = new Terms(
                Optional.of(new Creation(0755, new Creation.Numbered(0), Optional.empty())),
                Optional.of(Propagation.SLAVE),
                true,
                Optional.empty(),
                true,
                true);
        Terms leftOut = new Terms(Optional.empty(), Optional.empty(), false, Optional.empty(), true, false);
        return List.of(
                rule("taken-over", new Directive.Hide(List.of(path("made")), MountOptions.NONE)),
                rule("left-out", new Directive.PassThrough(List.of(path("fresh/nothing")), MountOptions.NONE))
                        .with(leftOut),
                rule("missing", new Directive.Bind(path("missing"), List.of(path("tmpfs")), MountOptions.NONE))
                        .with(leftOut),
                rule(
                        "skel",
                        new Directive.PrivateDir(
                                List.of(path("fresh")), MountOptions.NONE, Optional.of(skel), Optional.empty())),
                rule("create", new Directive.PrivateDir(List.of(path("made")), MountOptions.NONE))
                        .with(terms),
                rule("through", new Directive.PassThrough(List.of(path("fresh/of-host")), MountOptions.NONE)),
                rule("cut", new Directive.ReadOnly(List.of(path("source")), MountOptions.NONE))
                        .with(new Terms(
                                Optional.empty(),
                                Optional.of(Propagation.PRIVATE),
                                true,
                                Optional.empty(),
                                false,
                                false)));
    }

    /** Once kept for a time and once for ever, so that the record is made and removed. */
    private List<Rule> rulesOfLifetimes(Lifetime first) {
        return List.of(
                lived("source", first),
                lived("private", Lifetime.LOGOUT),
                lived("bound", Lifetime.BOOT),
                lived("tmpfs", Lifetime.SESSION));
    }

    private Rule lived(String folder, Lifetime lifetime) {
        Directive directive = new Directive.PrivateDir(List.of(path(folder)), MountOptions.NONE);
        return rule(folder, directive).with(Terms.USUAL.withLifetime(lifetime));
    }

    private List<Rule> rulesOfOverlays() {
        return List.of(
                rule(
                        "over",
                        new Directive.Overlay(
                                List.of(path("over")),
                                MountOptions.NONE,
                                List.of(path("source"), path("skel")),
                                false)),
                rule("kept", new Directive.Overlay(List.of(path("kept")), MountOptions.NONE, List.of(), true)));
    }

    private List<Rule> rulesOfProc() {
        return List.of(rule(
                "proc",
                new Directive.Proc(List.of(path("proc")), MountOptions.NONE, Optional.of(HidePid.INVISIBLE), true)));
    }

    private static Policy policyOf(List<Rule> rules) {
        return new Policy(Optional.of(new RuleSet(rules)), UNSHARED, Map.of(0L, "root"), List.of(), false, false);
    }

    /**
     * Earlier logins have left a folder where this one needs a file: that is found after the private folder is mounted.
     */
    private Policy policyThatFails() {
        Rule inside = rule("private", new Directive.PrivateDir(List.of(path("private")), MountOptions.NONE));
        Rule clash = rule("clash", new Directive.Bind(path("file"), List.of(path("private/c")), MountOptions.NONE));
        return policyOf(List.of(inside, clash));
    }

    /** The program ends at once, because its arguments are wrong: for the login thread that makes no difference. */
    private Policy policyWithHook(String program) {
        List<Rule> rules = new ArrayList<>();
        rules.add(rule("private", new Directive.PrivateDir(List.of(path("private")), MountOptions.NONE)));
        try {
            List<ArgumentTemplate> arguments = List.of(ArgumentTemplate.parse("${user}"));
            rules.add(rule("run", new Directive.Run(PathTemplate.parse(program), arguments, HOOK_MS, true)));
        } catch (PathTemplate.SyntaxError e) {
            throw new IllegalStateException(e);
        }
        return policyOf(rules);
    }

    private static Policy policyOfNobody() {
        return new Policy(Optional.of(RuleSet.EMPTY), UNSHARED, Map.of(), List.of(), false, false);
    }

    private static Rule rule(String name, Directive directive) {
        List<Matcher> only = List.of(
                new Matcher.User(new Glob("nobody?")),
                new Matcher.Service(new Glob("no*")),
                new Matcher.UidRange(1, 2),
                new Matcher.Group("root"));
        return new Rule(name, ORIGIN, only, List.of(new Matcher.User(new Glob("x*"))), directive);
    }

    private PathTemplate path(String below) {
        try {
            return PathTemplate.parse(stage.value() + "/" + below);
        } catch (PathTemplate.SyntaxError e) {
            throw new IllegalStateException(e);
        }
    }
}
