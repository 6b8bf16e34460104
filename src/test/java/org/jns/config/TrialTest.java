// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jns.config.Trial.Decision;
import org.jns.config.Trial.Event;
import org.jns.config.Trial.Files;
import org.jns.config.Trial.Running;
import org.jns.config.Trial.Use;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialTest {

    private static final String BOOT = "01234567-89ab-cdef-0123-456789abcdef";
    private static final String OTHER_BOOT = "11234567-89ab-cdef-0123-456789abcdef";
    private static final Moment EARLY = new Moment(BOOT, 1100);
    private static final Moment DUE = new Moment(BOOT, 1300);
    private static final Running RUNNING = new Running(BOOT, 1000, 1300);

    private static void expect(Trial next, Use use, Trial before, Moment now, Event event) {
        Decision decision = Trial.after(before, now, event);
        assertEquals(new Decision(next, use, ""), decision, before + " at " + now + ": " + event);
    }

    private static void refuse(Trial next, Use use, Trial before, Moment now, Event event) {
        Decision decision = Trial.after(before, now, event);
        assertEquals(
                List.of(next, use), List.of(decision.next(), decision.use()), before + " at " + now + ": " + event);
        assertFalse(decision.refusal().isEmpty(), event.toString());
    }

    @Test
    void withoutATrialWhatIsReadIsConfirmed() {
        expect(Trial.NONE, Use.CONFIRM_FILES, Trial.NONE, EARLY, new Event.Start(Files.NEW));
        expect(Trial.NONE, Use.CONFIRM_FILES, Trial.NONE, EARLY, new Event.Start(Files.AS_CONFIRMED));
        expect(Trial.NONE, Use.BACK_TO_CONFIRMED, Trial.NONE, EARLY, new Event.Start(Files.BROKEN));
        expect(Trial.NONE, Use.CONFIRM_FILES, Trial.NONE, EARLY, new Event.Reload(Files.NEW));
        expect(Trial.NONE, Use.CONFIRM_FILES, Trial.NONE, EARLY, new Event.Reload(Files.AS_CONFIRMED));
        refuse(Trial.NONE, Use.STAY, Trial.NONE, EARLY, new Event.Reload(Files.BROKEN));
        expect(Trial.NONE, Use.STAY, Trial.NONE, EARLY, new Event.Time());
        refuse(Trial.NONE, Use.STAY, Trial.NONE, EARLY, new Event.Confirm());
    }

    @Test
    void aTrialBeginsWithGoodFilesOnly() {
        for (Trial before : List.of(Trial.NONE, Trial.OVER, RUNNING)) {
            expect(new Running(BOOT, 1100, 1400), Use.FILES, before, EARLY, new Event.Try(5, Files.NEW));
            expect(new Running(BOOT, 1100, 1160), Use.FILES, before, EARLY, new Event.Try(1, Files.AS_CONFIRMED));
            refuse(before, Use.STAY, before, EARLY, new Event.Try(5, Files.BROKEN));
        }
    }

    @Test
    void aTrialThatNothingWouldEndIsNotBegun() {
        refuse(Trial.NONE, Use.STAY, Trial.NONE, new Moment("", 0), new Event.Try(5, Files.NEW));
    }

    @Test
    void aRunningTrialStaysOneWhateverIsReadOrStarted() {
        for (Files files : List.of(Files.NEW, Files.AS_CONFIRMED)) {
            expect(RUNNING, Use.FILES, RUNNING, EARLY, new Event.Reload(files));
            expect(RUNNING, Use.FILES, RUNNING, EARLY, new Event.Start(files));
        }
        refuse(RUNNING, Use.STAY, RUNNING, EARLY, new Event.Reload(Files.BROKEN));
        expect(RUNNING, Use.STAY, RUNNING, EARLY, new Event.Time());
        expect(RUNNING, Use.STAY, RUNNING, new Moment(BOOT, 1299), new Event.Time());
    }

    @Test
    void aStartThatFindsBrokenFilesEndsTheTrial() {
        expect(Trial.OVER, Use.BACK_TO_CONFIRMED, RUNNING, EARLY, new Event.Start(Files.BROKEN));
    }

    @Test
    void onlyConfirmingConfirms() {
        expect(Trial.NONE, Use.CONFIRM_CURRENT, RUNNING, EARLY, new Event.Confirm());
        refuse(Trial.OVER, Use.BACK_TO_CONFIRMED, RUNNING, DUE, new Event.Confirm());
        refuse(Trial.OVER, Use.STAY, Trial.OVER, EARLY, new Event.Confirm());
    }

    @Test
    void atItsEndTheConfirmedRulesComeBackAndStay() {
        expect(Trial.OVER, Use.BACK_TO_CONFIRMED, RUNNING, DUE, new Event.Time());
        for (Files files : List.of(Files.NEW, Files.BROKEN)) {
            expect(Trial.OVER, Use.BACK_TO_CONFIRMED, RUNNING, DUE, new Event.Start(files));
            expect(Trial.OVER, Use.BACK_TO_CONFIRMED, Trial.OVER, EARLY, new Event.Start(files));
        }
        expect(Trial.OVER, Use.STAY, Trial.OVER, DUE, new Event.Time());
        refuse(Trial.OVER, Use.STAY, Trial.OVER, DUE, new Event.Reload(Files.BROKEN));
    }

    @Test
    void afterItsEndAReloadIsMeant() {
        expect(Trial.NONE, Use.CONFIRM_FILES, Trial.OVER, DUE, new Event.Reload(Files.NEW));
        // The admin has put the old files back.
        expect(Trial.NONE, Use.CONFIRM_FILES, Trial.OVER, DUE, new Event.Start(Files.AS_CONFIRMED));
    }

    @Test
    void noClockMakesATrialLonger() {
        for (Moment later : List.of(
                DUE,
                new Moment(BOOT, 99_999),
                new Moment(OTHER_BOOT, 1100),
                new Moment(BOOT, 999),
                new Moment("", 0))) {
            assertEquals(0, RUNNING.secondsLeft(later));
            expect(Trial.OVER, Use.BACK_TO_CONFIRMED, RUNNING, later, new Event.Time());
        }
        assertEquals(200, RUNNING.secondsLeft(EARLY));
    }

    @Test
    void theFileSaysWhatWasWritten() {
        RecordingSyscalls sys = new RecordingSyscalls().directory("/x", 0700, 0, 0);
        TrialFile file = new TrialFile(sys, AbsPath.of("/x/trial"));
        assertEquals(Trial.NONE, file.read());
        for (Trial trial : List.of(
                RUNNING, new Running(OTHER_BOOT, 0, 7200), Trial.OVER, RUNNING, Trial.NONE, Trial.OVER, Trial.NONE)) {
            file.write(trial);
            assertEquals(trial, file.read());
        }
        assertEquals(List.of(), sys.names("/x"));
        sys.assertClean();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "running",
                "running x 1 2\n",
                "running 01234567-89ab-cdef-0123-456789abcdef 1\n",
                "running 01234567-89ab-cdef-0123-456789abcdef 1 2",
                "running 01234567-89ab-cdef-0123-456789abcdef 1 99999999999999999999\n",
                "over",
                "none\n"
            })
    void aMarkThatCannotBeReadIsThatOfATrialThatIsOver(String text) {
        RecordingSyscalls sys =
                new RecordingSyscalls().directory("/x", 0700, 0, 0).file("/x/trial", 0600, 0, text);
        assertEquals(Trial.OVER, new TrialFile(sys, AbsPath.of("/x/trial")).read());
        sys.file("/x/trial", 0666, 1000, TrialFile.text(RUNNING));
        assertEquals(Trial.OVER, new TrialFile(sys, AbsPath.of("/x/trial")).read());
    }

    @Test
    void whoMayNotLookKnowsOfNoTrial() {
        RecordingSyscalls sys =
                new RecordingSyscalls().directory("/x", 0700, 0, 0).file("/x/trial", 0600, 0, "over\n");
        sys.transcript().fail("open", 1, Errno.EACCES);
        assertEquals(Trial.NONE, new TrialFile(sys, AbsPath.of("/x/trial")).read());
    }

    @Test
    void theTimeIsThatSinceBoot() {
        RecordingSyscalls sys = new RecordingSyscalls().directory("/proc", 0555, 0, 0);
        assertFalse(Moment.now(sys).isKnown());
        for (String path : List.of("/proc/sys", "/proc/sys/kernel", "/proc/sys/kernel/random")) {
            sys.directory(path, 0555, 0, 0);
        }
        sys.file("/proc/sys/kernel/random/boot_id", 0444, 0, BOOT + "\n")
                .file("/proc/uptime", 0444, 0, "1100.99 2000.00\n");
        assertEquals(EARLY, Moment.now(sys));
        assertTrue(Moment.now(sys).isKnown());
        sys.file("/proc/uptime", 0444, 0, "soon\n");
        assertFalse(Moment.now(sys).isKnown());
    }
}
