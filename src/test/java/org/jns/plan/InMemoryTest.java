// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.MountFlags;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Question;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryTest {
    private static final String TMP = "[tmp]\naction = tmpfs\ntarget = /tmp\n";
    private static final String OVER =
            "[over]\naction = overlay\ntarget = /srv/over\nlower = /srv/a, /srv/b\nupper = discard\n";
    private static final Subject ALICE =
            new Subject("alice", 1001, 1001, "1001", Set.of(), "/home/alice", "/bin/sh", "sshd", "");

    private static Plan plan(String rules) {
        return plan(rules, Map.of());
    }

    private static Fact.Present present(String path, Fact.Kind kind, long uid) {
        return new Fact.Present(
                AbsPath.of(path), kind, path.equals("/tmp") ? 01777 : 0755, uid, 0, MountFlags.NONE, true);
    }

    /** On a host where every other path is a root-owned folder. */
    private static Plan plan(String rules, Map<String, Fact> others) {
        Selection selection = new Selection(
                RulesParser.parse(List.of(new RulesSource("x.conf", rules.getBytes(StandardCharsets.UTF_8))))
                        .rules()
                        .rules(),
                List.of());
        Map<AbsPath, Fact> facts = new HashMap<>();
        for (Question question : Planner.questions(selection, ALICE)) {
            AbsPath path = question.path();
            facts.put(path, others.getOrDefault(path.value(), present(path.value(), Fact.Kind.DIRECTORY, 0)));
        }
        Planned planned = Planner.plan(selection, ALICE, new Facts(facts), List.of());
        return ((Planned.Ready) planned).plan();
    }

    private static List<String> parts(String rules) {
        return parts(plan(rules));
    }

    private static List<String> parts(Plan plan) {
        return InMemory.of(plan).stream().map(InMemory.Part::what).toList();
    }

    private static String only(String rules) {
        List<String> parts = parts(rules);
        assertEquals(1, parts.size(), parts.toString());
        return parts.get(0);
    }

    @Test
    void whereARuleIsWrittenAndWhatElseThereIsMakesNoDifference() {
        String tmp = only(TMP);
        assertEquals(tmp, only("# new\n\n[other]\ntarget = /tmp\naction = tmpfs\nonly = user:alice\n"));
        assertEquals(List.of(tmp), parts(TMP + "[hide]\naction = hide\ntarget = /srv/hidden\n"));
        assertEquals(List.of(tmp, only(OVER)), parts(OVER + TMP));
    }

    @ParameterizedTest
    @ValueSource(strings = {"size=1M", "nr_inodes=10", "mode=0700", "uid=1001", "gid=5", "noexec", "ro"})
    void anOptionDoes(String option) {
        assertNotEquals(only(TMP), only(TMP + "options = " + option + "\n"));
    }

    @Test
    void soDoTheFoldersOfAnOverlayAndTheirOrder() {
        assertNotEquals(only(OVER), only(OVER.replace("/srv/a, /srv/b", "/srv/b, /srv/a")));
        assertNotEquals(only(OVER), only(OVER.replace(", /srv/b", "")));
    }

    @Test
    void soDoesWhatLiesInside() {
        String inside = "[inside]\naction = bind\nsource = /srv/a\ntarget = /tmp/inside\n";
        assertNotEquals(only(TMP), only(TMP + inside));
        assertEquals(only(TMP + inside), only(TMP + inside.replace("/srv/a", "/srv/b")));
        assertEquals(only(TMP), only(TMP + inside.replace("/tmp/inside", "/tmpfs")));
    }

    /** A folder cannot be mounted on a file: the login would be refused until the older view ends. */
    @Test
    void soDoesTheKindOfAMountPointInside() {
        String inside = TMP + "[inside]\naction = bind\nsource = /srv/data\ntarget = /tmp/data\n";
        Fact nothing = new Fact.Missing();
        List<String> folder = parts(plan(inside, Map.of("/tmp/data", nothing)));
        List<String> file =
                parts(plan(inside, Map.of("/tmp/data", nothing, "/srv/data", present("/srv/data", Fact.Kind.FILE, 0))));
        assertEquals(List.of(1, 1), List.of(folder.size(), file.size()));
        assertNotEquals(folder, file);
    }

    @Test
    void whereAMountPointInsideIsTheUsersNothingIsHandedOn() {
        String inside = TMP + "[inside]\naction = bind\nsource = /srv/data\ntarget = /tmp/data\n";
        assertEquals(1, parts(plan(inside)).size());
        assertEquals(
                List.of(), parts(plan(inside, Map.of("/tmp/data", present("/tmp/data", Fact.Kind.DIRECTORY, 1001)))));
        assertEquals(List.of(), parts(inside + "create = 0755:1001\n"));
    }

    /** A user who can rename the folders above a mount point can put links there. */
    @ParameterizedTest
    @ValueSource(strings = {"uid=1001", "mode=0777", "mode=0775", "uid=1001,mode=1777"})
    void whatIsTheUsersOwnIsNoneWhereSomethingLiesInside(String options) {
        String own = TMP + "options = " + options + "\n";
        String inside = "[inside]\naction = bind\nsource = /srv/a\ntarget = /tmp/a/b\n";
        assertEquals(1, parts(own).size());
        assertEquals(List.of(), parts(own + inside));
        assertEquals(1, parts(TMP + "options = mode=0755\n" + inside).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a]\naction = private\ntarget = /tmp\n",
                "[a]\naction = bind\nsource = /srv/a\ntarget = /srv/b\n",
                "[a]\naction = overlay\ntarget = /srv/over\nlower = /srv/a\n",
                OVER + "[inside]\naction = bind\nsource = /srv/c\ntarget = /srv/over/c\n",
                TMP + "[vault]\naction = encfs\nsource = /home/alice/raw\ntarget = /tmp/vault\n",
                "[pid]\naction = isolate\nisolate = pid\n[proc]\naction = proc\ntarget = /proc\n"
            })
    void whatIsOnADiskOrIsMadeForEachViewIsNone(String rules) {
        assertEquals(List.of(), parts(rules));
    }
}
