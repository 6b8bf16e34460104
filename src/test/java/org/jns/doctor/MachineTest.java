// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jns.doctor.Finding.Severity;
import org.jns.model.AbsPath;
import org.jns.model.RuleSet;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {

    private static final AbsPath PLACE = AbsPath.of("/run/jns");

    private static Machine machine(
            String release, String noMounts, boolean shared, long mounts, long namespaces, String... proc) {
        return new Machine(
                release,
                noMounts,
                Set.of("overlay"),
                shared,
                mounts,
                OptionalLong.of(100_000),
                OptionalLong.of(namespaces),
                Set.of(proc),
                false);
    }

    private static List<String> shown(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.severity() + " " + finding.what())
                .toList();
    }

    private static void only(List<Finding> findings, Severity severity, String part) {
        assertEquals(1, findings.size(), findings.toString());
        assertTrue(
                findings.get(0).severity() == severity && findings.get(0).what().contains(part), findings.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "5.13.19, true",
        "4.19.0-27-amd64, true",
        "5.14.0-427.el9, false",
        "6.1.0, false",
        "10.0, false",
        "5.9, true",
        "strange, false",
        "'', false"
    })
    void oldKernelsAreAnError(String release, boolean old) {
        assertEquals(
                old,
                machine(release, "", true, 20, 10_000).findings(RuleSet.EMPTY).stream()
                        .anyMatch(Finding::isError));
    }

    @Test
    void whatRulesNeedIsAnErrorOnlyIfTheyNeedIt() {
        Machine machine = machine("6.1.0", "", true, 20, 10_000);
        assertEquals(List.of(), machine.findings(RuleSet.EMPTY));
        RuleSet rules = RulesParser.parse(List.of(
                        new RulesSource("/r", "[o]\naction = overlay\ntarget = /x\nupper = discard\n".getBytes())))
                .rules();
        only(machine.findings(rules), Severity.ERROR, "rule [o] /r:1 needs overlays");
    }

    @Test
    void limitsAndMountsAreLookedAt() {
        only(
                machine("6.1.0", "", true, 60_000, 10_000).findings(RuleSet.EMPTY),
                Severity.WARNING,
                "fs.mount-max allows 100000");
        only(machine("6.1.0", "", true, 20, 100).findings(RuleSet.EMPTY), Severity.WARNING, "100 mount namespaces");
        only(machine("6.1.0", "", true, 20, 0).findings(RuleSet.EMPTY), Severity.ERROR, "nobody can be isolated");
        only(machine("6.1.0", "", false, 20, 10_000).findings(RuleSet.EMPTY), Severity.NOTE, "are not shared");
        only(
                machine("6.1.0", "fsmount: EPERM", true, 20, 10_000).findings(RuleSet.EMPTY),
                Severity.ERROR,
                "fsmount: EPERM");
        only(
                machine("6.1.0", "", true, 20, 10_000, "rw", "hidepid=invisible")
                        .findings(RuleSet.EMPTY),
                Severity.NOTE,
                "hidepid=invisible");
        assertEquals(
                List.of(),
                machine("6.1.0", "", true, 20, 10_000, "rw", "hidepid=off").findings(RuleSet.EMPTY));
        only(
                machine("6.1.0", "", true, 20, 10_000, "subset=pid").findings(RuleSet.EMPTY),
                Severity.ERROR,
                "/proc shows processes only");
    }

    @Test
    void foldersAreRootsAlone() {
        assertEquals(List.of(), new Folder(PLACE, true, 0, 0700, false, 50, 50, Folder.Use.PRIVATE).findings());
        only(
                new Folder(PLACE, true, 1000, 0700, false, 50, 50, Folder.Use.PRIVATE).findings(),
                Severity.ERROR,
                "/run/jns belongs to uid 1000: the daemon does not start");
        only(
                new Folder(PLACE, true, 0, 0755, false, 50, 50, Folder.Use.PRIVATE).findings(),
                Severity.ERROR,
                "/run/jns is open to others (mode 755)");
        only(
                new Folder(PLACE, true, 7, 0777, false, 50, 50, Folder.Use.PRIVATE).findings(),
                Severity.ERROR,
                "belongs to uid 7 and is open to others (mode 777)");
        only(
                new Folder(PLACE, false, 0, 0600, false, 50, 50, Folder.Use.PRIVATE).findings(),
                Severity.ERROR,
                "is no folder");
        only(
                new Folder(PLACE, true, 0, 0700, true, 50, 50, Folder.Use.PRIVATE).findings(),
                Severity.ERROR,
                "read-only");
        only(
                new Folder(PLACE, true, 0, 0700, false, 4, 50, Folder.Use.PRIVATE).findings(),
                Severity.WARNING,
                "has 4 % of its room left");
        only(
                new Folder(PLACE, true, 0, 0700, false, 0, 50, Folder.Use.PRIVATE).findings(),
                Severity.ERROR,
                "has no room left: users without private folders are refused");
        only(
                new Folder(PLACE, true, 0, 0700, false, 0, 50, Folder.Use.STATE).findings(),
                Severity.ERROR,
                "has no room left: no login can be written down");
        assertEquals(List.of(), new Folder(PLACE, true, 0, 0700, false, 5, 5, Folder.Use.PRIVATE).findings());
    }

    /** [B11] */
    @Test
    void foldersHaveInodesLeft() {
        only(
                new Folder(PLACE, true, 0, 0700, false, 50, 4, Folder.Use.PRIVATE).findings(),
                Severity.WARNING,
                "has 4 % of its inodes left");
        only(
                new Folder(PLACE, true, 0, 0700, false, 50, 0, Folder.Use.PRIVATE).findings(),
                Severity.ERROR,
                "has no inodes left: users without private folders are refused");
    }

    @Test
    void theSocketIsRootsAndSomebodyListens() {
        assertEquals(
                List.of(), new Helper(PLACE, Helper.Kind.SOCKET, 0, 0600, true, Optional.empty(), false).findings());
        assertEquals(List.of(), new Helper(PLACE, Helper.Kind.UNSEEN, 0, 0, true, Optional.empty(), false).findings());
        only(
                new Helper(PLACE, Helper.Kind.NONE, 0, 0, false, Optional.empty(), true).findings(),
                Severity.WARNING,
                "there is no socket /run/jns");
        only(
                new Helper(PLACE, Helper.Kind.SOCKET, 0, 0600, false, Optional.empty(), true).findings(),
                Severity.WARNING,
                "nobody listens");
        only(
                new Helper(PLACE, Helper.Kind.UNSEEN, 0, 0, false, Optional.empty(), true).findings(),
                Severity.WARNING,
                "nobody listens");
        only(
                new Helper(PLACE, Helper.Kind.SOCKET, 0, 0666, true, Optional.empty(), false).findings(),
                Severity.WARNING,
                "open to others");
        only(
                new Helper(PLACE, Helper.Kind.SOMETHING_ELSE, 0, 0666, true, Optional.empty(), false).findings(),
                Severity.ERROR,
                "is no socket");
    }

    @Test
    void theDaemonAnswersAndIsNotOlderThanItsFiles() {
        assertEquals(List.of(), helper("", false, OptionalLong.of(65536)).findings());
        assertEquals(List.of(), helper("", false, OptionalLong.empty()).findings());
        only(
                helper("cannot metrics: no", false, OptionalLong.empty()).findings(),
                Severity.ERROR,
                "cannot metrics: no");
        only(
                helper("", true, OptionalLong.empty()).findings(),
                Severity.WARNING,
                "was started before what is installed now");
        only(helper("", false, OptionalLong.of(1024)).findings(), Severity.NOTE, "may have 1024 files open");
    }

    @Test
    void aThreadThatDoesNotComeBackIsAnError() {
        Helper.Answer busy = new Helper.Answer(
                "",
                false,
                OptionalLong.empty(),
                OptionalLong.empty(),
                true,
                Map.of("main", 0L, "metrics", 299L, "cleaner", 300L));
        only(
                new Helper(PLACE, Helper.Kind.SOCKET, 0, 0600, true, Optional.of(busy), true).findings(),
                Severity.ERROR,
                "thread cleaner has been at one piece of work for 300 seconds");
    }

    @Test
    void aUserDatabaseThatDoesNotAnswerIsNoThreadsFault() {
        Helper.Answer busy =
                new Helper.Answer("", false, OptionalLong.empty(), OptionalLong.empty(), true, Map.of("names", 301L));
        only(of(busy), Severity.ERROR, "the user database has not answered the daemon for 301 seconds");
    }

    /** The metrics have both numbers, for an admin who wants an earlier warning. */
    @Test
    @DisplayName("[B12] descriptors that run short are seen coming")
    void aLimitThatIsNearIsAWarning() {
        OptionalLong most = OptionalLong.of(20_000);
        assertEquals(List.of(), of(new Helper.Answer("", false, most, OptionalLong.of(16_000), true, Map.of())));
        only(
                of(new Helper.Answer("", false, most, OptionalLong.of(16_001), true, Map.of())),
                Severity.WARNING,
                "has 16001 of the 20000 files open");
        only(
                of(new Helper.Answer("", false, OptionalLong.of(1000), OptionalLong.of(900), true, Map.of())),
                Severity.WARNING,
                "has 900 of the 1000 files open");
    }

    private static List<Finding> of(Helper.Answer answer) {
        return new Helper(PLACE, Helper.Kind.SOCKET, 0, 0600, true, Optional.of(answer), true).findings();
    }

    private static Helper helper(String trouble, boolean isOld, OptionalLong files) {
        return new Helper(
                PLACE,
                Helper.Kind.SOCKET,
                0,
                0600,
                true,
                Optional.of(new Helper.Answer(trouble, isOld, files, OptionalLong.empty(), true, Map.of("main", 0L))),
                true);
    }

    @Test
    void programsAreThereAndTheArchiveIsFresh() {
        assertEquals(List.of(), new Installation(Map.of("/x", ""), Installation.Archive.FRESH).findings());
        assertEquals(
                List.of("ERROR /x: it is missing"),
                shown(new Installation(Map.of("/x", "it is missing", "/y", ""), Installation.Archive.NONE).findings()));
        only(new Installation(Map.of(), Installation.Archive.NONE).findings(), Severity.WARNING, "has no archive");
        only(new Installation(Map.of(), Installation.Archive.OLD).findings(), Severity.WARNING, "is of another JVM");
    }
}
