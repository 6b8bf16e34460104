// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jns.config.Places;
import org.jns.config.Policy;
import org.jns.config.Subjects;
import org.jns.jnsd.views.Ledger;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.Namespaces;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Cause;
import org.jns.model.Glob;
import org.jns.model.Matcher;
import org.jns.model.MountFlags;
import org.jns.model.Sharing;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.SeenProcess;
import org.jns.state.SupportProcess;
import org.jns.state.View;
import org.jns.view.SpareView;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs on a recording kernel; the users are root and nobody, who exist everywhere. */
class LoginServiceTest {
    private static final Places PLACES =
            new Places(AbsPath.of("/run/s"), AbsPath.of("/run"), AbsPath.of("/instances"), AbsPath.of("/rules"));
    private static final int LEADER = 4711;
    private static final long NSFS = 0x6e736673;
    private static final String PRIVATE_TMP = "[private-tmp]\naction = private\ntarget = /tmp\n";

    private final RecordingSyscalls sys = new RecordingSyscalls();
    private final NameService names = new NameService();
    private final Fd host = sys.namespaceOfThisThread();
    private final SpareView spare = new SpareView(sys, host);
    private final ResidentViews views = new ResidentViews();
    private final Records records;
    private final Pins pins;
    private final LoginService service;

    LoginServiceTest() {
        sys.directory("/tmp", 01777, 0, 0).directory("/run", 0700, 0, 0).directory("/pins", 0700, 0, 0);
        sys.directory("/run/sessions", 0700, 0, 0)
                .directory("/run/views", 0700, 0, 0)
                .directory("/run/keeper", 0700, 0, 0);
        sys.mount("/run/keeper", MountFlags.NONE, 0x01021994)
                .file("/run/keeper/namespace", 0600, 0, "")
                .mount("/run/keeper/namespace", MountFlags.NONE, NSFS);
        records = new Records(sys, PLACES.state());
        pins = Pins.open(sys, PLACES.state(), host);
        service = new LoginService(
                sys,
                new Subjects(names, new RecordingSyscalls()),
                names,
                PLACES,
                new Ledger(sys, PLACES.state(), records, pins, views),
                host,
                0);
        sys.process(LEADER, 1);
        sys.transcript().clear();
    }

    @AfterEach
    void nothingStaysOpen() {
        spare.close();
        views.forgetAll();
        records.close();
        pins.close();
        host.close();
        sys.assertClean();
    }

    private Answer login(String user, Policy policy) {
        return login(user, policy, false);
    }

    private Answer login(String user, Policy policy, boolean hasPassword) {
        Optional<Fd> password = hasPassword ? Optional.of(sys.namespaceOfThisThread()) : Optional.empty();
        Turns.Pending pending =
                new Turns.Pending(host, new Request.Open(user, "sshd", "tty"), LEADER, 0, password, false);
        Answer answer = service.serve(pending, policy, spare).orElseThrow();
        password.ifPresent(Fd::close);
        spare.giveBack();
        answer.close();
        assertEquals(answer.reply() instanceof Reply.Granted, answer.given().isPresent());
        assertEquals(
                answer.reply() instanceof Reply.Granted || answer.reply() instanceof Reply.Host,
                !answer.passed().isEmpty());
        return answer;
    }

    private Policy rules(String text) {
        Parsed parsed = RulesParser.parse(List.of(new RulesSource("x.conf", text.getBytes(StandardCharsets.UTF_8))));
        assertTrue(!parsed.hasErrors(), parsed.problems().toString());
        return Policy.ask(Optional.of(parsed.rules()), Admission.NONE, names, new RecordingSyscalls());
    }

    @Test
    void whomARuleIsForGetsAView() {
        Answer answer = login("nobody", rules(PRIVATE_TMP));
        Reply.Granted granted = (Reply.Granted) answer.reply();
        assertTrue(granted.session().matches("[0-9a-f]{16}"), granted.session());
        assertEquals(List.of("private-tmp"), answer.rules());
        assertEquals(
                List.of(new View.Shown(AbsPath.of("/tmp"), "private", "private-tmp", "x.conf:1")),
                answer.given().orElseThrow().view().shown());
        assertEquals("nobody", answer.subject().orElseThrow().user());
    }

    @Test
    void whomNoRuleIsForIsNotIsolatedAndCostsNothing() {
        sys.transcript().clear();
        for (String text : List.of("", PRIVATE_TMP + "except = user:nobody\n", PRIVATE_TMP + "only = service:su\n")) {
            assertEquals(
                    new Reply.NotIsolated("no rule is for nobody"),
                    login("nobody", rules(text)).reply());
        }
        assertEquals(
                "namespace of 4711 = answer\nstat 9 = folder 0755 0:0\nclose 9\n"
                        .repeat(3)
                        .replace("folder 0755", "file 0444"),
                sys.transcript().toString());
    }

    @Test
    void theNextLoginJoinsWithoutAMount() {
        Policy policy = rules(PRIVATE_TMP);
        Answer first = login("nobody", policy);
        sys.transcript().clear();
        Answer second = login("nobody", policy);
        assertEquals(
                first.given().orElseThrow().view(), second.given().orElseThrow().view());
        assertTrue(second.given().orElseThrow().joined()
                && !first.given().orElseThrow().joined());
        assertNotEquals(
                first.given().orElseThrow().session().id(),
                second.given().orElseThrow().session().id());
        assertEquals(List.of("private-tmp"), second.rules());
        assertEquals(
                "clock\ncreate\nwrite\nclose\nrename\n",
                sys.transcript().toString().replaceAll("(?m) .*$", ""));
    }

    @Test
    void aSessionThatCouldNotBeWrittenDownIsInTheViewAllTheSame() {
        login("nobody", rules(PRIVATE_TMP));
        sys.transcript().fail("create", 1, 28);
        Answer second = login("nobody", rules(PRIVATE_TMP));
        assertTrue(second.given().orElseThrow().joined());
        assertTrue(
                second.warnings().get(0).startsWith("cannot write down the session: No space left on device"),
                second.warnings().toString());
    }

    @Test
    void otherRulesOrNoSharingMakeAnotherView() {
        login("nobody", rules(PRIVATE_TMP));
        for (String more : List.of("options = noexec\n", "share = none\n", "share = none\n", "per = session\n")) {
            assertFalse(
                    login("nobody", rules(PRIVATE_TMP + more))
                            .given()
                            .orElseThrow()
                            .joined(),
                    more);
        }
        Policy none = Policy.ask(
                rules(PRIVATE_TMP).rules(),
                new Admission(List.of(), List.of(), Sharing.NONE, false),
                names,
                new RecordingSyscalls());
        assertFalse(login("nobody", none).given().orElseThrow().joined());
    }

    private static final String TMPFS = "[tmp]\naction = tmpfs\ntarget = /tmp\n";
    private static final String HIDE = "[hide]\naction = hide\ntarget = /srv\n";

    private void hasHidden() {
        sys.directory("/srv", 0755, 0, 0).directory("/run/hidden", 0700, 0, 0).directory("/run/hidden/dir", 0, 0, 0);
    }

    private long made(String call) {
        return sys.transcript()
                .toString()
                .lines()
                .filter(line -> line.startsWith(call))
                .count();
    }

    @Test
    void aNewViewGetsTheTmpfsOfTheOlderOne() {
        hasHidden();
        login("nobody", rules(TMPFS));
        assertEquals(1, made("tmpfs "));
        sys.transcript().clear();
        Ledger.Given second = login("nobody", rules(TMPFS + HIDE)).given().orElseThrow();
        assertFalse(second.joined());
        assertEquals(List.of(), second.warnings());
        assertEquals(0, made("tmpfs "));
        sys.transcript().clear();
        login("nobody", rules(TMPFS + "options = noexec\n" + HIDE));
        assertEquals(1, made("tmpfs "));
    }

    @Test
    void whereNothingCanBeHandedOnTheViewBeginsEmptyAndItIsSaid() {
        hasHidden();
        login("nobody", rules(TMPFS));
        sys.transcript().clear();
        // To the keeper.
        sys.transcript().fail("setns", 1, Errno.EPERM);
        Ledger.Given second = login("nobody", rules(TMPFS + HIDE)).given().orElseThrow();
        assertEquals(1, made("tmpfs "));
        assertEquals(
                List.of(
                        "cannot hand on what the user's older view has in memory, so the new one begins empty: Operation not permitted (setns 7)"),
                second.warnings());
    }

    /** The thread is in the keeper, from which no view can be made. */
    @Test
    void nothingIsMadeByAThreadThatCannotComeBack() {
        hasHidden();
        login("nobody", rules(TMPFS));
        sys.transcript().clear();
        sys.transcript().fail("setns", 2, Errno.EPERM);
        Policy policy = rules(TMPFS + HIDE);
        Turns.Pending pending =
                new Turns.Pending(host, new Request.Open("nobody", "sshd", "tty"), LEADER, 0, Optional.empty(), false);
        assertThrows(SyscallException.class, () -> service.serve(pending, policy, spare));
        assertEquals(0, made("attach "));
        spare.giveBack();
    }

    /** Of the view's tmpfs mounts: the session gets in, and the next view does not share them. */
    @Test
    void whatCannotBeKeptIsAWarning() {
        sys.transcript().fail("mkdir", 1, Errno.ENOSPC);
        Ledger.Given first = login("nobody", rules(TMPFS)).given().orElseThrow();
        assertEquals(1, first.warnings().size(), first.warnings().toString());
        assertTrue(
                first.warnings()
                        .get(0)
                        .startsWith(
                                "cannot keep what the view has in memory for the user's later views: No space left"),
                first.warnings().toString());
    }

    private Namespaces here() {
        return Namespaces.only(sys.namespaceOfThisThread());
    }

    @Test
    void aViewWithoutItsSupportProcessIsNotJoined() {
        Ledger.Given first = login("nobody", rules(PRIVATE_TMP)).given().orElseThrow();
        View view = first.view();
        SupportProcess dead = new SupportProcess(SupportProcess.Kind.VOLUME, new SeenProcess(4712, 1));
        View broken = new View("1.b", view.user(), view.uid(), 1, view.key(), List.of(), List.of(), List.of(dead), 0);
        views.add(broken, here(), "s");
        assertEquals(
                view.id(),
                login("nobody", rules(PRIVATE_TMP)).given().orElseThrow().view().id());
        sys.process(4712, 1);
        views.add(
                new View("1.w", view.user(), view.uid(), 2, view.key(), List.of(), List.of(), List.of(dead), 0),
                here(),
                "s");
        assertEquals(
                "1.w",
                login("nobody", rules(PRIVATE_TMP)).given().orElseThrow().view().id());
        sys.transcript().fail("pidfd", 1, Errno.EACCES);
        assertTrue(((Reply.Refused) login("nobody", rules(PRIVATE_TMP)).reply())
                .reason()
                .contains("cannot look for the user's view"));
    }

    @Test
    void whoHasNoViewComesOutOfAnothersAndRootIfItIsToldTo() {
        sys.directory("/away", 0755, 0, 0);
        long inode;
        try (Fd away = sys.namespaceOf(LEADER).orElseThrow()) {
            inode = sys.stat(away).inode();
        }
        views.add(new View("1.0", "bob", 1, inode, "bob's", List.of(), List.of(), List.of(), 0), here(), "s");
        Admission stays = new Admission(List.of(), List.of(), Sharing.USER, false);
        Admission comesOut = new Admission(List.of(), List.of(), Sharing.USER, true);
        assertEquals(
                new Reply.Host("no rule is for nobody"),
                login("nobody", rules("")).reply());
        assertEquals(
                new Reply.NotIsolated("no rule is for root"),
                login("root", Policy.ask(rules("").rules(), stays, names, new RecordingSyscalls()))
                        .reply());
        assertEquals(
                new Reply.Host("no rule is for root"),
                login("root", Policy.ask(rules("").rules(), comesOut, names, new RecordingSyscalls()))
                        .reply());
        sys.transcript().fail("namespace", 1, Errno.EACCES);
        assertEquals(
                new Reply.NotIsolated("no rule is for nobody"),
                login("nobody", rules("")).reply());
    }

    @Test
    void withoutRulesThatCanBeReadOnlyRootGetsIn() {
        assertEquals(
                new Reply.Refused("the rules cannot be read; run: jnsctl check"),
                login("nobody", Policy.UNREADABLE).reply());
        assertEquals(
                new Reply.NotIsolated(
                        "root gets in without a view of its own: the rules cannot be read; run: jnsctl check"),
                login("root", Policy.UNREADABLE).reply());
    }

    @Test
    void whoMustMatchARuleIsRefusedWithoutOne() {
        Admission must = new Admission(List.of(new Matcher.User(new Glob("*"))), List.of());
        Policy policy =
                Policy.ask(rules(PRIVATE_TMP + "only = service:su\n").rules(), must, names, new RecordingSyscalls());
        Reply.Refused refused = (Reply.Refused) login("nobody", policy).reply();
        assertTrue(
                refused.reason().startsWith("no rule is for nobody, and must-match in jns.conf wants one"),
                refused.reason());
        assertTrue(login("root", policy).reply() instanceof Reply.NotIsolated);
        assertTrue(
                login("nobody", Policy.ask(rules(PRIVATE_TMP).rules(), must, names, new RecordingSyscalls()))
                                .reply()
                        instanceof Reply.Granted);
    }

    @Test
    void whomTheSettingsLetInGetsInWhateverFails() {
        Admission allow = new Admission(List.of(), List.of(new Matcher.Service(new Glob("ssh*"))));
        Policy policy = Policy.ask(rules(PRIVATE_TMP).rules(), allow, names, new RecordingSyscalls());
        sys.transcript().fail("attach", 1, Errno.EINVAL);
        Answer answer = login("nobody", policy);
        Reply.NotIsolated reply = (Reply.NotIsolated) answer.reply();
        assertTrue(
                reply.reason()
                        .startsWith(
                                "on-error-allow in jns.conf lets nobody in without a view of its own: cannot make /tmp private: "),
                reply.reason());
        assertEquals(1, answer.warnings().size());
        Policy unreadable = Policy.ask(Optional.empty(), allow, names, new RecordingSyscalls());
        assertEquals(
                new Reply.NotIsolated(
                        "on-error-allow in jns.conf lets nobody in without a view of its own: the rules cannot be read; run: jnsctl check"),
                login("nobody", unreadable).reply());
    }

    @Test
    void whoIsUnknownIsRefused() {
        Answer answer = login("no-such-user", rules(PRIVATE_TMP));
        assertEquals(new Reply.Refused("there is no user no-such-user"), answer.reply());
        assertEquals(Optional.empty(), answer.subject());
        assertTrue(login("../../etc", rules("")).reply() instanceof Reply.Refused);
    }

    @Test
    void planThatIsRefusedNamesItsRule() {
        Answer answer = login("nobody", rules("[r]\naction = hide\ntarget = /missing\n"));
        Reply.Refused refused = (Reply.Refused) answer.reply();
        assertTrue(
                refused.reason().startsWith("cannot hide /missing: ")
                        && refused.reason().endsWith(" (rule [r] x.conf:1)"),
                refused.reason());
    }

    @Test
    void stepThatFailsNamesItsRule() {
        sys.transcript().fail("attach", 1, Errno.EINVAL);
        Reply.Refused refused =
                (Reply.Refused) login("nobody", rules(PRIVATE_TMP)).reply();
        assertTrue(
                refused.reason().startsWith("cannot make /tmp private: Invalid argument (")
                        && refused.reason().endsWith(" (rule [private-tmp] x.conf:1)"),
                refused.reason());
    }

    @Test
    void noRoomForANamespaceIsARefusalAndRootStillGetsIn() {
        int enospc = 28;
        sys.transcript().fail("unshare", 1, enospc);
        assertEquals(
                "cannot make a mount namespace: No space left on device (unshare)",
                ((Reply.Refused) login("nobody", rules(PRIVATE_TMP)).reply()).reason());
        sys.transcript().fail("unshare", 1, enospc);
        Answer root = login("root", rules(PRIVATE_TMP));
        assertTrue(root.reply() instanceof Reply.NotIsolated, root.toString());
        assertEquals(List.of("cannot make a mount namespace: No space left on device (unshare)"), root.warnings());
    }

    @Test
    void oldOwnersFoldersAreAWarningWithTheGrant() {
        long uid = names.user("nobody").orElseThrow().uid();
        sys.directory("/instances", 0700, 0, 0)
                .directory("/instances/" + uid, 0700, 0, 0)
                .link("/instances/" + uid + "/owner", 0, "somebody");
        Answer answer = login("nobody", rules(PRIVATE_TMP));
        assertEquals(1, answer.warnings().size());
        assertEquals(answer.warnings().get(0), ((Reply.Granted) answer.reply()).warning());
    }

    @Test
    void everyCallThatFailsRefusesAndRootGetsIn() {
        int before = sys.transcript().calls();
        login("nobody", rules(PRIVATE_TMP));
        // The last one is the way back.
        int calls = sys.transcript().calls() - 1;
        for (String user : List.of("nobody", "root")) {
            for (int i = before; i < calls; i++) {
                LoginServiceTest fresh = new LoginServiceTest();
                int eio = 5;
                fresh.sys.transcript().failCall(i, eio);
                Reply reply = fresh.login(user, rules(PRIVATE_TMP)).reply();
                Class<?> expected = user.equals("root") ? Reply.NotIsolated.class : Reply.Refused.class;
                boolean forgetful = reply instanceof Reply.Granted granted
                        && granted.warning().startsWith("cannot write down the ");
                assertTrue(forgetful || expected == reply.getClass(), reply + "\n" + fresh.sys.transcript());
                fresh.nothingStaysOpen();
            }
        }
    }

    private static final String HOOK = PRIVATE_TMP + "[h]\naction = run\nprogram = /opt/h\narguments = ${user}\n";

    private void hooksCanBeStarted() {
        sys.directory("/usr", 0755, 0, 0).directory("/usr/lib", 0755, 0, 0).directory("/usr/lib/jns", 0755, 0, 0);
        sys.directory("/dev", 0755, 0, 0).file("/dev/null", 0666, 0, "");
    }

    @Test
    void hookIsRunInTheFinishedViewAndWhatItSaidIsNoted() {
        hooksCanBeStarted();
        sys.report("\nhello\n");
        Answer answer = login("nobody", rules(HOOK));
        assertTrue(answer.reply() instanceof Reply.Granted, answer.reply().toString());
        assertEquals(List.of("/opt/h said: hello"), answer.notes());
        String calls = sys.transcript().toString();
        assertTrue(
                calls.indexOf("attach") > calls.indexOf("open /usr/lib/jns")
                        && calls.indexOf("attach") < calls.indexOf("run "),
                calls);
    }

    @Test
    void hookThatFailsRefusesWithItsRule() {
        hooksCanBeStarted();
        sys.report("its exit status is 7\nno\n");
        assertEquals(
                new Reply.Refused("cannot run /opt/h: its exit status is 7; it said: no (rule [h] x.conf:4)"),
                login("nobody", rules(HOOK)).reply());
        sys.report("its exit status is 7\n");
        assertEquals(
                new Reply.NotIsolated(
                        "root gets in without a view of its own: cannot run /opt/h: its exit status is 7 (rule [h] x.conf:4)"),
                login("root", rules(HOOK)).reply());
    }

    @Test
    void hookThatMayFailIsAWarningAndOnErrorIsAsForEveryRule() {
        hooksCanBeStarted();
        sys.report("its exit status is 7\n");
        Answer answer = login("nobody", rules(HOOK + "required = no\n"));
        assertEquals("cannot run /opt/h: its exit status is 7", ((Reply.Granted) answer.reply()).warning());
        sys.report("its exit status is 7\n");
        assertTrue(
                login("nobody", rules(HOOK + "on-error = allow\n")).reply() instanceof Reply.NotIsolated,
                sys.transcript().toString());
    }

    @Test
    void hooksThatCannotBeStartedAreKnownBeforeTheView() {
        Reply.Refused refused = (Reply.Refused) login("nobody", rules(HOOK)).reply();
        assertTrue(
                refused.reason().startsWith("cannot run /opt/h: No such file or directory (open")
                        && refused.reason().endsWith(" (rule [h] x.conf:4)"),
                refused.reason());
        assertTrue(
                !sys.transcript().toString().contains("attach"),
                sys.transcript().toString());
    }

    private static final String VAULT = "[vault]\naction = encfs\nsource = /srv/v\ntarget = /srv/t\n";

    private void volumeIsMountedBy(int process) {
        hooksCanBeStarted();
        sys.process(process, 1);
        sys.report("\n" + process + " ");
    }

    @Test
    void aVolumeIsMountedForTheViewAndItsProcessWrittenDown() {
        volumeIsMountedBy(71);
        View view = login("nobody", rules(PRIVATE_TMP + VAULT), true)
                .given()
                .orElseThrow()
                .view();
        assertEquals(
                List.of("private", "encfs"),
                view.shown().stream().map(View.Shown::action).toList());
        SupportProcess supportProcess = view.supportProcesses().get(0);
        assertEquals(71, supportProcess.process().pid());
        assertEquals(SupportProcess.Kind.VOLUME, supportProcess.kind());
        assertTrue(records.view(sys, view.id()).orElseThrow().supportProcesses().contains(supportProcess));
        assertTrue(sys.hasProcess(71));
    }

    @Test
    void whoHasNoPasswordJoinsAViewWithTheVolumeOrIsRefused() {
        Answer refused = login("nobody", rules(VAULT));
        assertEquals(
                new Reply.Refused(
                        "cannot mount the volume: this login has no password; log in with one first (rule [vault] x.conf:1)"),
                refused.reply());
        assertEquals(Optional.of(Cause.VOLUME), refused.cause());
        volumeIsMountedBy(71);
        View view = login("nobody", rules(VAULT), true).given().orElseThrow().view();
        assertEquals(view, login("nobody", rules(VAULT)).given().orElseThrow().view());
        assertTrue(login("root", rules(VAULT)).reply() instanceof Reply.NotIsolated);
    }

    @Test
    void whoIsLetInWithoutTheVolumeSharesAViewWithTheirLike() {
        hooksCanBeStarted();
        Policy policy = rules(PRIVATE_TMP + VAULT + "without-password = skip\n");
        Answer without = login("nobody", policy);
        assertEquals(
                List.of("not mounted, as this login has no password: the volume of rule vault"), without.warnings());
        Ledger.Given given = without.given().orElseThrow();
        assertEquals(1, given.view().shown().size());
        Answer again = login("nobody", policy);
        assertEquals(given.view(), again.given().orElseThrow().view());
        assertEquals(without.warnings(), again.warnings());
        volumeIsMountedBy(71);
        View with = login("nobody", policy, true).given().orElseThrow().view();
        assertNotEquals(given.view(), with);
        assertEquals(with, login("nobody", policy).given().orElseThrow().view());
    }

    @Test
    void aViewInWhichAVolumeHasFailedIsNotThatOfOthers() {
        Policy policy = rules(PRIVATE_TMP + VAULT + "required = no\n");
        hooksCanBeStarted();
        sys.report("its exit status is 1\n0 wrong\n");
        Answer first = login("nobody", policy, true);
        assertEquals(
                List.of("cannot mount a volume on /srv/t: its exit status is 1; it said: wrong"), first.warnings());
        volumeIsMountedBy(71);
        Answer second = login("nobody", policy, true);
        assertFalse(second.given().orElseThrow().joined());
        assertEquals(2, second.given().orElseThrow().view().shown().size());
    }

    @Test
    void aVolumeThatFailsRefusesAndNothingStays() {
        String two = VAULT + "[other]\naction = fuse\nprogram = /bin/x\ntarget = /srv/o\n";
        volumeIsMountedBy(71);
        sys.report("its exit status is 1\n0 no\n");
        Answer answer = login("nobody", rules(two), true);
        assertEquals(
                new Reply.Refused(
                        "cannot mount a volume on /srv/o: its exit status is 1; it said: no (rule [other] x.conf:5)"),
                answer.reply());
        assertFalse(sys.hasProcess(71));
    }

    @Test
    void aHookThatFailsOrASessionThatCannotBeginTakesTheVolumeDown() {
        volumeIsMountedBy(71);
        sys.report("its exit status is 7\n");
        assertEquals(
                Optional.of(Cause.HOOK),
                login("nobody", rules(VAULT + "[h]\naction = run\nprogram = /bin/x\n"), true)
                        .cause());
        assertFalse(sys.hasProcess(71));
        volumeIsMountedBy(72);
        sys.transcript().fail("pin", 1, Errno.EINVAL);
        assertEquals(
                Optional.of(Cause.SESSION), login("nobody", rules(VAULT), true).cause());
        assertFalse(sys.hasProcess(72));
    }
}
