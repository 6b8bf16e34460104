// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jns.model.AbsPath;
import org.jns.model.Creation;
import org.jns.model.Directive;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.HidePid;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.Origin;
import org.jns.model.PathTemplate;
import org.jns.model.Plan;
import org.jns.model.Planned;
import org.jns.model.Position;
import org.jns.model.Question;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Terms;
import org.junit.jupiter.api.Test;

/** Checks properties that hold for any rules and any host. */
class PlannerPropertyTest {

    private static final MountFlags KEPT =
            MountFlags.NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOEXEC).plus(MountFlags.NOSYMFOLLOW);
    private static final Subject ALICE =
            new Subject("alice", 1000, 1000, "alice", Set.of(), "/a/b", "/bin/sh", "sshd", "");
    private static final List<AbsPath> RESERVED = List.of(AbsPath.of("/r/j"));
    /** Few names, so that paths meet; some that root reads, and one that is too long for a path below another. */
    private static final List<String> NAMES = List.of("a", "b", "etc", "r", "j", "l");

    private static final String LONG = ("/" + "n".repeat(200)).repeat(15);

    private final Random random = new Random(20);
    /** The existing files, by the name without links. */
    private final Map<AbsPath, Fact.Present> things = new HashMap<>();

    private int ready;
    private int nested;
    private int created;
    private int leftOut;

    @Test
    void anyRulesOnAnyHost() {
        for (int i = 0; i < 30_000; i++) {
            Selection selection = new Selection(rules(), List.of());
            Map<AbsPath, Fact> byPath = new HashMap<>();
            things.clear();
            List<Question> questions = Planner.questions(selection, ALICE);
            for (Question question : questions) {
                byPath.computeIfAbsent(question.path(), this::fact);
            }
            Facts facts = new Facts(byPath);
            Planned planned = Planner.plan(selection, ALICE, facts, RESERVED);
            assertEquals(planned, Planner.plan(selection, ALICE, facts, RESERVED));
            String all = selection.chosen() + "\n" + facts + "\n"
                    + planned.toString().replace("n".repeat(200), "nn");
            if (planned instanceof Planned.Refused refused) {
                assertTrue(refused.why().startsWith("cannot "), all);
            } else {
                check(((Planned.Ready) planned).plan(), selection, facts, all);
                ready++;
            }
        }
        assertTrue(ready > 3000, "only " + ready + " plans were carried through");
        assertTrue(nested > 500, "only " + nested + " steps lay on others");
        assertTrue(created > 50, "only " + created + " targets were created");
        assertTrue(leftOut > 500, "only " + leftOut + " targets were left out");
    }

    private void check(Plan plan, Selection selection, Facts facts, String all) {
        List<AbsPath> covered = new ArrayList<>();
        Set<AbsPath> made = new HashSet<>();
        boolean begun = false;
        for (Step step : plan.steps()) {
            AbsPath onto = step.onto();
            if (step instanceof Step.Create) {
                assertFalse(begun, all);
                assertTrue(isRootsAlone(onto.parent(), facts) && facts.byPath().containsValue(new Fact.Missing()), all);
                created++;
                continue;
            }
            begun = true;
            if (step instanceof Step.MakeMountPoint) {
                assertTrue(made.add(onto), all);
                assertTrue(covered.stream().anyMatch(onto::isBelow), all);
                continue;
            }
            assertTrue(covered.stream().noneMatch(earlier -> earlier.isAtOrBelow(onto)), all);
            nested += covered.stream().anyMatch(onto::isBelow) ? 1 : 0;
            covered.add(onto);
            assertNotEquals(AbsPath.ROOT, onto, all);
            for (AbsPath own : RESERVED) {
                assertTrue(!own.isAtOrBelow(onto) && !onto.isAtOrBelow(own), all);
                assertTrue(sources(step).stream().noneMatch(from -> from.isAtOrBelow(own)), all);
            }
        }
        long wished = selection.chosen().stream()
                .mapToLong(rule -> rule.directive().targets().size())
                .sum();
        assertEquals(wished, covered.size() + plan.leftOut().size(), all);
        checkLeftOut(plan, selection, all);
        checkSharedFolders(plan, all);
        checkFlags(plan, selection, facts, all);
    }

    private void checkLeftOut(Plan plan, Selection selection, String all) {
        for (Plan.LeftOut left : plan.leftOut()) {
            boolean optional = !rule(left.origin(), selection).terms().required();
            assertTrue(
                    optional
                            || left.why().endsWith(" takes it over")
                            || left.why().equals("nothing hides it"),
                    all);
            leftOut++;
        }
    }

    private static void checkSharedFolders(Plan plan, String all) {
        Map<String, Step.Ownership> byKey = new HashMap<>();
        for (Step step : plan.steps()) {
            if (step instanceof Step.PrivateFolder privateFolder) {
                Step.Ownership first = byKey.putIfAbsent(privateFolder.key(), privateFolder.ownership());
                assertTrue(first == null || first.equals(privateFolder.ownership()), all);
            }
        }
    }

    private static Rule rule(Origin origin, Selection selection) {
        return selection.chosen().stream()
                .filter(rule -> rule.name().equals(origin.rule()))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isRootsAlone(AbsPath path, Facts facts) {
        return facts.byPath().values().stream()
                .anyMatch(fact -> fact instanceof Fact.Present p && p.resolved().equals(path) && p.rootOnly());
    }

    private static List<AbsPath> sources(Step step) {
        if (step instanceof Step.Bind s) {
            return List.of(s.from());
        } else if (step instanceof Step.PassThrough s) {
            return List.of(s.from());
        } else if (step instanceof Step.Overlay s) {
            return s.lower();
        }
        return step instanceof Step.PrivateFolder s ? s.skel().map(List::of).orElse(List.of()) : List.of();
    }

    /** Neither the flags of the host's mount nor those of an earlier step are lost. */
    private static void checkFlags(Plan plan, Selection selection, Facts facts, String all) {
        for (Step step : plan.steps()) {
            MountFlags flags = flags(step);
            checkTrust(step, selection, facts, all);
            if (flags == null
                    || step instanceof Step.ReadOnly
                    || rule(step.origin(), selection).terms().weaken()) {
                continue;
            }
            for (Fact fact : facts.byPath().values()) {
                // A link from another name does not make the path known under its own name.
                if (fact instanceof Fact.Present present
                        && present.resolved().equals(step.onto())
                        && facts.byPath().get(step.onto()) == present) {
                    assertTrue(flags.has(present.flags().and(KEPT)), all);
                }
            }
            for (Step other : plan.steps()) {
                if (step.onto().isBelow(other.onto()) && flags(other) != null && isNearest(other, step, plan)) {
                    assertTrue(flags.has(flags(other).and(KEPT)), all);
                }
            }
        }
    }

    private static boolean isNearest(Step above, Step step, Plan plan) {
        return plan.steps().stream()
                .filter(other -> flags(other) != null || other instanceof Step.Hide)
                .noneMatch(other ->
                        step.onto().isBelow(other.onto()) && other.onto().isBelow(above.onto()));
    }

    private static MountFlags flags(Step step) {
        if (step instanceof Step.PrivateFolder s) {
            return s.flags();
        } else if (step instanceof Step.Bind s) {
            return s.flags();
        } else if (step instanceof Step.Tmpfs s) {
            return s.flags();
        } else if (step instanceof Step.Overlay s) {
            return s.flags();
        } else if (step instanceof Step.PassThrough s) {
            return s.flags();
        } else if (step instanceof Step.Proc s) {
            return s.flags();
        }
        return step instanceof Step.ReadOnly s ? s.flags() : null;
    }

    /**
     * Files that another user than root can change are never shown where root reads, or copied; the host's own files
     * there are.
     */
    private static void checkTrust(Step step, Selection selection, Facts facts, String all) {
        if (step instanceof Step.PrivateFolder privateFolder
                && privateFolder.skel().isPresent()) {
            assertTrue(isRootsAlone(privateFolder.skel().get(), facts), all);
        }
        boolean rootReads = step.onto().isAtOrBelow(AbsPath.of("/etc"));
        if (rootReads && step instanceof Step.Bind bind) {
            assertTrue(isRootsAlone(bind.from(), facts), all);
        }
        if (step instanceof Step.Overlay overlay) {
            boolean namesLower = !((Directive.Overlay)
                            rule(step.origin(), selection).directive())
                    .lower()
                    .isEmpty();
            assertTrue(
                    !rootReads || !namesLower || overlay.lower().stream().allMatch(lower -> isRootsAlone(lower, facts)),
                    all);
        }
    }

    private List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            rules.add(new Rule("r" + i, new Position("x.conf", i + 1, 1), List.of(), List.of(), directive())
                    .with(terms()));
        }
        return rules;
    }

    private Directive directive() {
        List<PathTemplate> targets = new ArrayList<>(List.of(template()));
        if (random.nextInt(3) == 0) {
            targets.add(template());
        }
        Optional<PathTemplate> skel = random.nextInt(8) == 0 ? Optional.of(template()) : Optional.empty();
        Optional<String> shared = random.nextInt(6) == 0 ? Optional.of("s") : Optional.empty();
        return switch (random.nextInt(11)) {
            case 6 -> new Directive.PrivateDir(targets, options(true), skel, shared);
            case 7 ->
                new Directive.Overlay(
                        targets,
                        options(true),
                        random.nextBoolean() ? List.of() : List.of(template(), template()),
                        random.nextBoolean());
            case 8, 9 -> new Directive.PassThrough(targets, options(false));
            case 10 ->
                new Directive.Proc(targets, options(false), Optional.of(HidePid.INVISIBLE), random.nextBoolean());
            case 0, 1 -> new Directive.PrivateDir(targets, options(true));
            case 2 -> new Directive.Tmpfs(targets, options(true));
            case 3 -> new Directive.Bind(template(), targets, options(false));
            case 4 -> new Directive.Hide(targets, MountOptions.NONE);
            default -> new Directive.ReadOnly(targets, options(false));
        };
    }

    private Terms terms() {
        Creation.Owner owner = List.of(
                        new Creation.Numbered(0),
                        new Creation.OfSubject(),
                        new Creation.Named("x", OptionalLong.of(9)),
                        new Creation.Named("y", OptionalLong.empty()))
                .get(random.nextInt(4));
        Optional<Creation> create =
                random.nextInt(4) == 0 ? Optional.of(new Creation(0755, owner, Optional.empty())) : Optional.empty();
        boolean more = random.nextInt(4) == 0;
        return new Terms(
                create, Optional.empty(), !more, Optional.empty(), random.nextInt(4) == 0, random.nextInt(8) == 0);
    }

    private MountOptions options(boolean ownership) {
        MountFlags flags = new MountFlags(random.nextInt(4) == 0 ? random.nextInt(32) : 0);
        boolean more = ownership && random.nextInt(5) == 0;
        return new MountOptions(
                flags,
                OptionalLong.empty(),
                OptionalLong.empty(),
                more ? OptionalInt.of(random.nextInt(02000)) : OptionalInt.empty(),
                more ? OptionalLong.of(random.nextBoolean() ? 0 : 1000) : OptionalLong.empty(),
                OptionalLong.empty());
    }

    private PathTemplate template() {
        int kind = random.nextInt(40);
        try {
            return PathTemplate.parse(
                    kind == 0
                            ? LONG + path(3)
                            : kind == 1
                                    ? "/" + path(1) + LONG.substring(1000)
                                    : kind < 6 ? "${home}" + path(2) : path(3));
        } catch (PathTemplate.SyntaxError e) {
            throw new IllegalStateException(e);
        }
    }

    private String path(int most) {
        StringBuilder path = new StringBuilder();
        int depth = 1 + random.nextInt(most);
        for (int i = 0; i < depth; i++) {
            path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
        }
        return path.toString();
    }

    private Fact fact(AbsPath path) {
        int kind = random.nextInt(20);
        if (kind == 0) {
            return new Fact.Missing();
        }
        if (kind == 1) {
            return new Fact.Unusable("it is not what it should be");
        }
        AbsPath resolved = kind < 5 ? AbsPath.of(random.nextInt(8) == 0 ? "/" : path(3)) : path;
        return things.computeIfAbsent(resolved, this::thing);
    }

    private Fact.Present thing(AbsPath path) {
        int kind = random.nextInt(12);
        Fact.Kind what = kind == 0 ? Fact.Kind.FILE : kind == 1 ? Fact.Kind.OTHER : Fact.Kind.DIRECTORY;
        long owner = List.of(0L, 0L, 0L, 1000L, 7L).get(random.nextInt(5));
        return new Fact.Present(
                path,
                what,
                random.nextInt(010000),
                owner,
                owner,
                new MountFlags(random.nextInt(32)),
                random.nextBoolean());
    }
}
