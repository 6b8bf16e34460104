// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.HidePid;
import org.jns.model.Lifetime;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Position;
import org.jns.model.Propagation;
import org.jns.model.Question;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.jns.model.Subject;
import org.jns.plan.Planner;
import org.jns.rules.RuleMatcher;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferencesTest {

    private static final Subject ALICE =
            new Subject("alice", 1001, 1001, "alice", Set.of(), "/home/alice", "/bin/sh", "sshd", "");
    private static final AbsPath INSTANCES = AbsPath.of("/var/lib/jns");
    private static final Origin ORIGIN = new Origin("r", new Position("f.conf", 3, 1));

    private static Fact.Present folder(String path, MountFlags flags) {
        return new Fact.Present(AbsPath.of(path), Fact.Kind.DIRECTORY, 01777, 0, 0, flags, true);
    }

    private static Differences of(Subject subject, Map<String, Fact> facts, Planned planned) {
        Map<AbsPath, Fact> byPath = new HashMap<>();
        facts.forEach((path, fact) -> byPath.put(AbsPath.of(path), fact));
        Rule rule = new Rule("r", ORIGIN.at(), List.of(), List.of(), new Directive.Hide(List.of(), MountOptions.NONE));
        Explanation explanation =
                Explanation.of(subject, new Selection(List.of(rule), List.of()), Admission.NONE, planned);
        return new Differences(explanation, Difference.all(explanation, new Facts(byPath), INSTANCES));
    }

    private static String words(Map<String, Fact> facts, Step step) {
        List<Difference> all = of(ALICE, facts, new Planned.Ready(new Plan(ALICE, List.of(step))))
                .all();
        return all.isEmpty() ? "" : step.onto() + " " + all.get(0).words();
    }

    private static String text(Differences differences) {
        StringWriter out = new StringWriter();
        differences.print(new PrintWriter(out));
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "forever : alice's own folder (kept in /var/lib/jns/1001/key)",
                "30d     : alice's own folder (kept in /var/lib/jns/1001/key until it is not used for 30d)",
                "logout  : alice's own folder (kept in /var/lib/jns/1001/key until the last logout)",
                "boot    : alice's own folder (kept in /var/lib/jns/1001 until the machine starts again)",
                "session : the session's own folder (kept in /var/lib/jns/1001 until the session ends)"
            })
    void howLongAFolderIsKeptIsSaid(String keep, String words) {
        Lifetime lifetime = Lifetime.keep(keep).orElse(Lifetime.SESSION);
        AbsPath x = AbsPath.of("/x");
        Ownership root = new Ownership(0755, 0, 0);
        assertEquals(
                "/x is " + words,
                words(
                        Map.of(),
                        new Step.PrivateFolder(
                                ORIGIN,
                                x,
                                "key",
                                root,
                                Optional.empty(),
                                MountFlags.NONE,
                                Propagation.PRIVATE,
                                lifetime)));
    }

    @Test
    void everyStepThatTheUserSeesIsALineInWords() {
        AbsPath x = AbsPath.of("/x");
        AbsPath y = AbsPath.of("/y");
        Ownership root = new Ownership(0755, 0, 0);
        MountFlags tight = MountFlags.RO
                .plus(MountFlags.NOSUID)
                .plus(MountFlags.NODEV)
                .plus(MountFlags.NOEXEC)
                .plus(MountFlags.NOSYMFOLLOW);
        Map<String, Fact> none = Map.of();
        assertEquals("", words(none, new Step.MakeMountPoint(ORIGIN, x, true, root)));
        assertEquals("", words(none, new Step.Create(ORIGIN, x, true, root)));
        assertEquals(
                "/x is alice's own folder (kept in /var/lib/jns/1001/key)",
                words(none, new Step.PrivateFolder(ORIGIN, x, "key", root, MountFlags.NONE)));
        assertEquals("/x shows /y, read-only", words(none, new Step.Bind(ORIGIN, y, x, MountFlags.RO)));
        assertEquals(
                "/x is a folder in memory, empty at first and gone with the session, at most 500 MiB, at most 9 files, no set-user-id programs",
                words(
                        none,
                        new Step.Tmpfs(
                                ORIGIN, x, root, OptionalLong.of(500 << 20), OptionalLong.of(9), MountFlags.NOSUID)));
        assertEquals(
                "/x is a folder in memory, empty at first and gone with the session, at most 1025 bytes",
                words(
                        none,
                        new Step.Tmpfs(ORIGIN, x, root, OptionalLong.of(1025), OptionalLong.empty(), MountFlags.NONE)));
        assertEquals("/x is hidden", words(none, new Step.Hide(ORIGIN, x, true)));
        assertEquals(
                "/x is the host's, read-only, no set-user-id programs, no devices, no programs, no symbolic links followed",
                words(none, new Step.ReadOnly(ORIGIN, x, tight)));
        assertEquals(
                "/x shows /y over /x, with alice's own changes (kept in /var/lib/jns/1001/key)",
                words(
                        none,
                        new Step.Overlay(
                                ORIGIN,
                                x,
                                List.of(y, x),
                                Optional.of("key"),
                                root,
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                MountFlags.NONE)));
        assertEquals(
                "/x shows /y, with alice's own changes (gone with the session), at most 1 GiB",
                words(
                        none,
                        new Step.Overlay(
                                ORIGIN,
                                x,
                                List.of(y),
                                Optional.empty(),
                                root,
                                OptionalLong.of(1 << 30),
                                OptionalLong.empty(),
                                MountFlags.NONE)));
        assertEquals(
                "/x is the host's, in a place that is not",
                words(none, new Step.PassThrough(ORIGIN, y, x, MountFlags.NONE, Propagation.SLAVE)));
        assertEquals(
                "/x is a fresh proc, processes only",
                words(none, new Step.Proc(ORIGIN, x, Optional.empty(), true, MountFlags.NONE)));
        for (HidePid hide : HidePid.values()) {
            assertTrue(words(none, new Step.Proc(ORIGIN, x, Optional.of(hide), false, MountFlags.NONE))
                    .contains("hidepid=" + hide.word()));
        }
    }

    @Test
    void whatTheHostForbidsAlreadyIsNoDifference() {
        Step step = new Step.PrivateFolder(
                ORIGIN,
                AbsPath.of("/real"),
                "key",
                new Ownership(01777, 0, 0),
                MountFlags.NOSUID.plus(MountFlags.NODEV));
        Map<String, Fact> facts = Map.of("/link", folder("/real", MountFlags.NOSUID));
        assertEquals("/real is alice's own folder (kept in /var/lib/jns/1001/key), no devices", words(facts, step));
        Step readOnly = new Step.ReadOnly(ORIGIN, AbsPath.of("/real"), MountFlags.RO);
        assertEquals(
                "/real is the host's, read-only with all mounts in it",
                words(Map.of("/real", folder("/real", MountFlags.RO)), readOnly));
    }

    @Test
    void theyAreThoseOfThePlan() throws IOException {
        String rules =
                "[tmp]\naction = private\ntarget = /tmp\n[hide]\naction = hide\ntarget = /srv/x\n[not]\naction = hide\ntarget = /b\nonly = user:bob\n";
        Selection selection = RuleMatcher.select(
                RulesParser.parse(List.of(new RulesSource("a.conf", rules.getBytes(StandardCharsets.UTF_8))))
                        .rules(),
                ALICE);
        Map<AbsPath, Fact> known = new HashMap<>();
        for (Question question : Planner.questions(selection, ALICE)) {
            known.put(question.path(), folder(question.path().value(), MountFlags.NONE));
        }
        Facts facts = new Facts(known);
        Explanation explanation =
                Explanation.of(ALICE, selection, Admission.NONE, Planner.plan(selection, ALICE, facts, List.of()));
        Differences differences = new Differences(explanation, Difference.all(explanation, facts, INSTANCES));
        List<String> lines = text(differences).lines().sorted().toList();
        assertEquals(
                List.of(
                        "  /srv/x  is hidden",
                        "  /tmp    is alice's own folder (kept in /var/lib/jns/1001/tmp)",
                        "alice (uid 1001) by sshd sees what the host sees, but"),
                lines);
        StringWriter json = new StringWriter();
        differences.printJson(new PrintWriter(json));
        assertTrue(
                json.toString()
                        .contains(
                                "\"target\" : \"/srv/x\",\n    \"what\" : \"is hidden\",\n    \"rule\" : \"hide\",\n    \"file\" : \"a.conf\",\n    \"line\" : 4"),
                json.toString());
    }

    @Test
    void volumesAreTheUsersAlone() {
        String rules = "[v]\naction = encfs\nsource = /srv/v\ntarget = ${home}/V\noptions = ro\n"
                + "[w]\naction = gocryptfs\nsource = /srv/w\ntarget = ${home}/W\nwithout-password = skip\n"
                + "[f]\naction = fuse\nprogram = /bin/f\ntarget = ${home}/F\n";
        Selection selection = RuleMatcher.select(
                RulesParser.parse(List.of(new RulesSource("a.conf", rules.getBytes(StandardCharsets.UTF_8))))
                        .rules(),
                ALICE);
        Planned planned = Planner.plan(selection, ALICE, new Facts(Map.of()), List.of());
        assertEquals(
                """
                alice (uid 1001) by sshd sees what the host sees, but
                  /home/alice/V  is the encfs volume in /srv/v, for alice alone, opened with the password, read-only
                  /home/alice/W  is the gocryptfs volume in /srv/w, for alice alone, where the login has a password
                  /home/alice/F  is what /bin/f serves, for alice alone
                """,
                text(of(ALICE, Map.of(), planned)));
    }

    @Test
    void whoSeesTheHostAndWhoIsRefusedIsSaid() {
        assertEquals(
                "alice (uid 1001) by sshd sees what the host sees\n",
                text(of(ALICE, Map.of(), new Planned.Ready(new Plan(ALICE, List.of())))));
        Planned refused = new Planned.Refused(ORIGIN, "cannot do it");
        assertEquals(
                "alice (uid 1001) by sshd is refused: cannot do it\n  rule [r] f.conf:3\n",
                text(of(ALICE, Map.of(), refused)));
        Subject root = new Subject("root", 0, 0, "root", Set.of(), "/root", "", "su", "");
        assertEquals(
                "root (uid 0) by su sees what the host sees, for a view cannot be made: cannot do it\n  rule [r] f.conf:3\n",
                text(of(root, Map.of(), refused)));
    }
}
