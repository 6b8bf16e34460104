// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jns.config.Settings;
import org.jns.jnsd.upkeep.Heartbeats;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.Syscalls;
import org.jns.preflight.Forecast;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each set of rules is one rule; its name says which set is in force. */
class RulesInForceTest {

    private static final String BOOT = "01234567-89ab-cdef-0123-456789abcdef";
    private static final Request TRY = new Request.Try(5);
    private static final Request CONFIRM = new Request.Confirm();
    private static final Request RELOAD = new Request.Reload();

    private RecordingSyscalls sys;
    private RulesInForce daemon;

    @BeforeEach
    void hostWithOldRules() {
        sys = new RecordingSyscalls();
        for (String path : List.of(
                "/proc",
                "/proc/sys",
                "/proc/sys/kernel",
                "/proc/sys/kernel/random",
                "/etc",
                "/etc/jns",
                "/etc/jns/rules.d",
                "/var",
                "/var/lib")) {
            sys.directory(path, 0755, 0, 0);
        }
        sys.directory("/var/lib/jns", 0700, 0, 0);
        boot(BOOT);
        time(1000);
        files("old");
        restart();
        assertEquals("old", inForce());
    }

    private void boot(String id) {
        sys.file("/proc/sys/kernel/random/boot_id", 0444, 0, id + "\n");
    }

    private void time(int second) {
        sys.file("/proc/uptime", 0444, 0, second + ".50 0.00\n");
    }

    private void files(String rule) {
        sys.file("/etc/jns/rules.d/a.conf", 0644, 0, "[" + rule + "]\naction = hide\ntarget = /x\n");
    }

    private void brokenFiles() {
        sys.file("/etc/jns/rules.d/a.conf", 0644, 0, "[broken]\n");
    }

    private void restart() {
        daemon = new RulesInForce(
                sys, Settings.DEFAULT, new RecordingSyscalls(), new Heartbeats(System::nanoTime).add("names", 1, true));
        daemon.start();
        prove();
    }

    private void prove(Forecast.Refused... refused) {
        daemon.prove(new Forecast(List.of(refused), List.of(), List.of(), 1, 0));
    }

    private void restartUnproven() {
        daemon = new RulesInForce(
                sys, Settings.DEFAULT, new RecordingSyscalls(), new Heartbeats(System::nanoTime).add("names", 1, true));
        daemon.start();
    }

    private static final Forecast.Refused ALICE =
            new Forecast.Refused("alice", "login", Optional.empty(), "because", Forecast.Certainty.NEW);

    private String inForce() {
        return daemon.policy().rules().map(rules -> rules.rules().get(0).name()).orElse("none");
    }

    private Reply answer(Request request) {
        if (request instanceof Request.Confirm) {
            return daemon.confirm();
        }
        return request instanceof Request.Try trial
                ? daemon.tryFor(trial.minutes(), daemon.load())
                : daemon.reload(daemon.load());
    }

    private String done(Request request) {
        Reply reply = answer(request);
        return assertInstanceOf(Reply.Done.class, reply, reply.toString()).text();
    }

    private String refused(Request request) {
        Reply reply = answer(request);
        return assertInstanceOf(Reply.Refused.class, reply, reply.toString()).reason();
    }

    private void passTime(int second) {
        time(second);
        daemon.passTime();
    }

    @Test
    void aTrialEndsByItself() {
        files("new");
        assertEquals("1 rules on trial for 5 minutes, generation 2; to keep them: jnsctl confirm", done(TRY));
        assertEquals("new", inForce());
        passTime(1299);
        assertEquals("new", inForce());
        passTime(1300);
        assertEquals("old", inForce());
        restart();
        assertEquals("old", inForce());
        sys.assertClean();
    }

    @Test
    void aConfirmedTrialDoesNotEnd() {
        files("new");
        done(TRY);
        time(1299);
        done(CONFIRM);
        passTime(9999);
        assertEquals("new", inForce());
        brokenFiles();
        restart();
        assertEquals("new", inForce());
        assertEquals(List.of("last-good-rules"), sys.names("/var/lib/jns"));
        sys.assertClean();
    }

    @Test
    void aRestartKeepsTheTrialAndItsEnd() {
        files("new");
        done(TRY);
        time(1200);
        restart();
        assertEquals("new", inForce());
        passTime(1300);
        assertEquals("old", inForce());
    }

    @Test
    void aTrialThatEndsWhileNobodyRunsIsOver() {
        files("new");
        done(TRY);
        time(1300);
        restart();
        assertEquals("old", inForce());
        // The clock cannot be set, but a boot sets it back to zero.
        files("newer");
        done(TRY);
        boot("fedcba98-7654-3210-fedc-ba9876543210");
        time(1301);
        restart();
        assertEquals("old", inForce());
    }

    @Test
    void whatIsReadDuringATrialIsOnTrialToo() {
        files("new");
        done(TRY);
        files("newer");
        time(1240);
        assertEquals(
                "rules read, generation 3, on trial for another 60 seconds; to keep them: jnsctl confirm",
                done(RELOAD));
        assertEquals("newer", inForce());
        brokenFiles();
        assertTrue(
                refused(RELOAD).startsWith("the rules have 2 errors, the old ones stay in force; first: "),
                refused(RELOAD));
        assertEquals("newer", inForce());
        passTime(1300);
        assertEquals("old", inForce());
    }

    @Test
    void whatIsConfirmedIsWhatIsInForceNotWhatIsInTheFilesByThen() {
        files("new");
        done(TRY);
        files("newer");
        done(CONFIRM);
        assertEquals("new", inForce());
        brokenFiles();
        restart();
        assertEquals("new", inForce());
    }

    @Test
    void brokenFilesBeginNoTrial() {
        brokenFiles();
        assertTrue(refused(TRY).startsWith("the rules have 2 errors"), refused(TRY));
        assertEquals("old", inForce());
        assertEquals(List.of("last-good-rules"), sys.names("/var/lib/jns"));
    }

    @Test
    void aTrialNeedsRulesToComeBack() {
        sys = new RecordingSyscalls();
        for (String path : List.of("/etc", "/etc/jns", "/etc/jns/rules.d", "/var", "/var/lib")) {
            sys.directory(path, 0755, 0, 0);
        }
        sys.directory("/var/lib/jns", 0700, 0, 0);
        brokenFiles();
        restart();
        assertEquals("none", inForce());
        files("new");
        assertTrue(refused(TRY).startsWith("there are no confirmed rules"), refused(TRY));
        assertEquals("none", inForce());
        done(RELOAD);
        assertEquals("new", inForce());
        // There is no /proc.
        assertTrue(refused(TRY).startsWith("cannot read the time since boot"), refused(TRY));
    }

    @Test
    void afterTheEndOnlyARequestTakesTheFiles() {
        files("new");
        done(TRY);
        passTime(1300);
        assertTrue(refused(CONFIRM).startsWith("the trial is over"), refused(CONFIRM));
        files("newer");
        restart();
        assertEquals("old", inForce());
        done(RELOAD);
        assertEquals("newer", inForce());
        restart();
        assertEquals("newer", inForce());
        assertEquals("no rules are on trial; to begin one: jnsctl try", refused(CONFIRM));
    }

    @Test
    void theOldFilesPutBackEndTheMatter() {
        files("new");
        done(TRY);
        passTime(1300);
        files("old");
        restart();
        assertEquals(List.of("last-good-rules"), sys.names("/var/lib/jns"));
        files("newer");
        restart();
        assertEquals("newer", inForce());
    }

    @Test
    void aTrialOfATrialComesBackToWhatWasConfirmed() {
        files("new");
        done(TRY);
        files("newer");
        time(1200);
        done(TRY);
        passTime(1499);
        assertEquals("newer", inForce());
        passTime(1500);
        assertEquals("old", inForce());
    }

    @Test
    void theMainThreadWakesUpInTime() {
        assertEquals(60_000, daemon.waitAtMost(60_000));
        files("new");
        done(TRY);
        assertEquals(60_000, daemon.waitAtMost(60_000));
        time(1290);
        assertEquals(10_000, daemon.waitAtMost(60_000));
        assertEquals(100, daemon.waitAtMost(100));
        time(2000);
        assertEquals(1000, daemon.waitAtMost(60_000));
    }

    /** Like kill -9, or a power failure, just before a call. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Repeats it, killed at each call that changes something; after each, another daemon starts.
     *
     * @param then called after the restart
     */
    private void killedAnywhere(Runnable before, Request request, Consumer<String> then) {
        Set<String> places = new TreeSet<>();
        for (String call : List.of("unlink", "create", "write", "replace", "sync")) {
            for (int nth = 1; ; nth++) {
                hostWithOldRules();
                before.run();
                sys.transcript().meanwhile(call, nth, () -> {
                    throw new Killed();
                });
                try {
                    answer(request);
                    break;
                } catch (Killed e) {
                    places.add(call + " " + nth);
                    restart();
                    then.accept(inForce() + " after " + call + " " + nth);
                }
            }
        }
        assertTrue(places.size() >= 3, places.toString());
    }

    @Test
    void killedWhileATrialBeginsEitherItHasBegunOrNothingHasHappened() {
        List<String> after = new ArrayList<>();
        killedAnywhere(() -> files("new"), TRY, state -> {
            // Without the mark it is an ordinary start; with it, the trial ends.
            boolean marked = sys.names("/var/lib/jns").contains("trial");
            assertTrue(state.startsWith("new"), state);
            passTime(1300);
            assertEquals(marked ? "old" : "new", inForce(), state);
            after.add(inForce());
        });
        assertTrue(after.contains("old") && after.contains("new"), after.toString());
    }

    @Test
    void killedWhileATrialIsConfirmedOneSetIsInForceWhole() {
        Set<String> atTheEnd = new TreeSet<>();
        Runnable trial = () -> {
            files("new");
            done(TRY);
        };
        killedAnywhere(trial, CONFIRM, state -> {
            assertTrue(state.startsWith("new"), state);
            passTime(1300);
            atTheEnd.add(inForce());
            String decided = inForce();
            restart();
            assertEquals(decided, inForce(), state);
        });
        assertEquals(Set.of("new", "old"), atTheEnd);
    }

    @Test
    void killedAtItsEndTheOldRulesComeBack() {
        Runnable due = () -> {
            files("new");
            done(TRY);
            time(1300);
        };
        killedAnywhere(due, CONFIRM, state -> assertTrue(state.startsWith("old"), state));
    }

    @Test
    void killedInTheReloadAfterItsEndTheRejectedRulesDoNotComeBack() {
        Runnable over = () -> {
            files("new");
            done(TRY);
            passTime(1300);
            files("newest");
        };
        killedAnywhere(over, RELOAD, state -> assertTrue(state.startsWith("old") || state.startsWith("newest"), state));
    }

    @Test
    void aDiskThatIsFullRefusesTheTrialOrTheConfirmation() {
        files("new");
        sys.transcript().fail("create", 1, Errno.EACCES);
        assertTrue(refused(TRY).startsWith("cannot write what would end the trial: "));
        assertEquals("old", inForce());
        done(TRY);
        sys.transcript().fail("create", 1, Errno.EACCES);
        assertTrue(refused(CONFIRM).contains("; they are still on trial"));
        passTime(1300);
        assertEquals("old", inForce());
        sys.assertClean();
    }

    @Test
    void aStartPutsRulesInForceAndConfirmsThoseThatShutNobodyOut() {
        files("new");
        restartUnproven();
        assertEquals("new", inForce());
        assertTrue(daemon.isUnproven());
        prove();
        assertTrue(daemon.isWritten() && !daemon.isUnproven());
        brokenFiles();
        restart();
        assertEquals("new", inForce());
    }

    @Test
    void rulesOfAStartThatWouldRefuseSomebodyAreNoConfirmedOnes() {
        files("new");
        restartUnproven();
        prove(ALICE);
        assertEquals("new", inForce());
        assertTrue(!daemon.isWritten());
        assertEquals("old", daemon.proven().orElseThrow().rules().get(0).name());
        brokenFiles();
        restart();
        assertEquals("old", inForce());
    }

    /** A file system that was not mounted when the daemon started may be mounted later. */
    @Test
    void rulesThatRefuseNobodyAnyMoreAreConfirmed() {
        files("new");
        restartUnproven();
        prove(ALICE);
        prove(ALICE);
        assertTrue(!daemon.isWritten() && daemon.isUnproven());
        prove();
        assertTrue(daemon.isWritten() && !daemon.isUnproven());
        brokenFiles();
        restart();
        assertEquals("new", inForce());
    }

    @Test
    void aStartThatEndsBeforeAnybodyKnowsConfirmsNothing() {
        files("new");
        restartUnproven();
        brokenFiles();
        restart();
        assertEquals("old", inForce());
    }

    @Test
    void aTrialDoesNotConfirmTheRulesOfTheStart() {
        files("new");
        restartUnproven();
        prove(ALICE);
        files("newer");
        done(TRY);
        passTime(2000);
        assertEquals("old", inForce());
    }

    @Test
    void aReloadConfirmsThem() {
        files("new");
        restartUnproven();
        prove(ALICE);
        done(RELOAD);
        assertTrue(daemon.isWritten() && !daemon.isUnproven());
        assertEquals("new", daemon.proven().orElseThrow().rules().get(0).name());
        // The forecast for other rules comes too late.
        prove(ALICE);
        assertTrue(daemon.isWritten());
    }

    @Test
    void theFirstRulesOfAllAreConfirmedAtOnce() {
        sys.discard(
                sys.open(Optional.empty(), "/var/lib/jns", Syscalls.OpenAs.DIRECTORY, Syscalls.Walk.NO_LINKS),
                "last-good-rules");
        restartUnproven();
        assertTrue(!daemon.isUnproven());
        brokenFiles();
        restart();
        assertEquals("old", inForce());
    }
}
