// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jns.model.Subject;
import org.jns.rules.RuleMatcher;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;

/** Tests that the selectors of a rule match the same users as the condition, or that there are none. */
class WhoTest {

    private static final List<String> SELECTORS =
            List.of("user:alice", "user:bob", "user:b*", "group:staff", "uid:0", "uid:1000-1001");
    private static final List<Subject> EVERYONE = List.of(
            subject("alice", 1000, "staff"),
            subject("alice", 1000),
            subject("bob", 1001, "staff"),
            subject("bob", 1001),
            subject("bert", 1002),
            subject("root", 0),
            subject("root", 0, "staff"),
            subject("carol", 1003, "staff"),
            subject("carol", 1003));

    private static Subject subject(String user, long uid, String... groups) {
        return new Subject(user, uid, uid, user, Set.of(groups), "/home/" + user, "/bin/sh", "login", "");
    }

    /** Decided like at a login. */
    private static boolean isFor(Who who, Subject subject) {
        if (who.nobody()) {
            return false;
        }
        String text = String.join("\n", new Draft("hide", "/x", Optional.empty(), who, List.of(), List.of()).lines("x"))
                + "\n";
        return !RuleMatcher.select(
                        RulesParser.parse(List.of(new RulesSource("x", text.getBytes(StandardCharsets.UTF_8))))
                                .rules(),
                        subject)
                .isEmpty();
    }

    private static boolean isTrue(Condition condition, Subject subject) {
        if (condition instanceof Condition.Selector selector) {
            return isFor(Who.onlyFor(List.of(selector.text())), subject);
        }
        if (condition instanceof Condition.Not not) {
            return !isTrue(not.inner(), subject);
        }
        if (condition instanceof Condition.All all) {
            return all.parts().stream().allMatch(part -> isTrue(part, subject));
        }
        return condition instanceof Condition.Any any && any.parts().stream().anyMatch(part -> isTrue(part, subject));
    }

    private static Condition random(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 6 : 2);
        if (kind < 2) {
            return new Condition.Selector(SELECTORS.get(random.nextInt(SELECTORS.size())));
        }
        if (kind == 2) {
            return new Condition.Not(random(random, depth - 1));
        }
        List<Condition> parts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            parts.add(random(random, depth - 1));
        }
        return kind == 3 ? new Condition.Any(parts) : new Condition.All(parts);
    }

    @Test
    void selectorsMeanWhatTheConditionMeans() {
        Random random = new Random(1);
        int said = 0;
        for (int i = 0; i < 1000; i++) {
            Condition condition = random(random, 3);
            Optional<Who> who = condition.who();
            if (who.isPresent()) {
                said++;
                EVERYONE.forEach(subject ->
                        assertEquals(isTrue(condition, subject), isFor(who.get(), subject), condition + " " + subject));
            }
        }
        assertTrue(said > 500 && said < 1000, said + " of 1000 could be said");
    }

    @Test
    void lessTheOthersIsThoseOfTheseWhoAreNotAmongThem() {
        Random random = new Random(2);
        int said = 0;
        for (int i = 0; i < 1000; i++) {
            Optional<Who> these = random(random, 2).who();
            Optional<Who> others = random(random, 2).who();
            Optional<Who> left = these.isEmpty() || others.isEmpty()
                    ? Optional.empty()
                    : these.get().minus(others.get());
            if (left.isPresent()) {
                said++;
                EVERYONE.forEach(subject -> assertEquals(
                        isFor(these.get(), subject) && !isFor(others.get(), subject),
                        isFor(left.get(), subject),
                        these + " " + others + " " + subject));
            }
        }
        assertTrue(said > 400 && said < 1000, said + " of 1000 could be said");
    }

    @Test
    void aConditionThatOneListCannotSayIsNotSaid() {
        Condition alice = new Condition.Selector("user:alice");
        Condition staff = new Condition.Selector("group:staff");
        assertEquals(Optional.empty(), new Condition.All(List.of(alice, staff)).who());
        assertEquals(Optional.empty(), new Condition.Any(List.of(alice, new Condition.Not(staff))).who());
        assertEquals(Optional.of(Who.EVERYONE), new Condition.All(List.of()).who());
        assertEquals(Optional.of(Who.NOBODY), new Condition.All(List.of(alice, new Condition.Not(alice))).who());
    }

    @Test
    void oneUserHasAName() {
        assertEquals(Optional.of("alice"), Who.onlyFor(List.of("user:alice")).name());
        assertEquals(
                Optional.empty(), Who.onlyFor(List.of("user:alice", "user:bob")).name());
        assertEquals(Optional.empty(), Who.onlyFor(List.of("user:a*")).name());
        assertEquals(Optional.empty(), Who.onlyFor(List.of("group:staff")).name());
        assertEquals(Optional.empty(), Who.EVERYONE.name());
        assertEquals(Optional.empty(), Who.allBut(List.of("user:alice")).name());
    }
}
