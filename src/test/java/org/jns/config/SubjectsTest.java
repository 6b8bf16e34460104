// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.NameService;
import org.jns.linux.Syscalls;
import org.jns.model.Admission;
import org.jns.model.RuleSet;
import org.jns.model.Subject;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks the real user database, which has root everywhere, with the number 0 and a group of the same name. */
class SubjectsTest {
    private final NameService names = new NameService();
    private final Syscalls sys = new LinuxSyscalls(LinuxSyscalls.openProc());
    private final Subjects subjects = new Subjects(names, sys);

    private static RuleSet rules(String selectors) {
        String text = "[r]\naction = private\ntarget = /tmp\n" + selectors;
        Parsed parsed = RulesParser.parse(List.of(new RulesSource("x.conf", text.getBytes(StandardCharsets.UTF_8))));
        assertTrue(!parsed.hasErrors(), parsed.problems().toString());
        return parsed.rules();
    }

    private Policy policy(String selectors) {
        return Policy.ask(Optional.of(rules(selectors)), Admission.NONE, names, sys);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../../etc",
                "a/b",
                "-x",
                "a:b",
                "a\nb",
                "a\0b",
                "root\0",
                "\u001b[2J",
                "a\u202eb",
                "\ud800",
                "%s",
                "no-such-user",
                " ",
                "root ",
                "ROOT",
                "0",
                "#0",
                "+",
                "*"
            })
    void hostileAndUnknownNamesHaveNoSubject(String user) {
        Subjects.Unknown unknown =
                assertThrows(Subjects.Unknown.class, () -> subjects.of(user, "sshd", "", policy("")));
        assertTrue(
                !unknown.getMessage().isEmpty() && org.jns.model.Printable.is(unknown.getMessage()),
                unknown.getMessage());
    }

    @Test
    void endlessNameHasNoSubject() {
        for (String user : List.of("x".repeat(300), "ä".repeat(129), "x".repeat(1 << 20))) {
            assertEquals(
                    "user name is longer than 256 bytes",
                    assertThrows(Subjects.Unknown.class, () -> subjects.of(user, "sshd", "", policy("")))
                            .getMessage());
        }
    }

    @Test
    void rootIsFound() throws Subjects.Unknown {
        Subject root = subjects.of("root", "ss/../hd\n", "/dev/tty1", policy(""));
        assertEquals(List.of(0L, 0L), List.of(root.uid(), root.gid()));
        assertEquals(List.of("root", "ss/../hd\n", "/dev/tty1"), List.of(root.user(), root.service(), root.tty()));
        assertEquals("0", root.group(), "its name is not looked up where no rule asks for it");
    }

    @Test
    void groupsAreThoseThatTheRulesMention() throws Subjects.Unknown {
        assertEquals(Set.of(), subjects.of("root", "s", "", policy("")).groups());
        assertEquals(
                Set.of("root"),
                subjects.of("root", "s", "", policy("only = group:root, group:daemon\n"))
                        .groups());
        assertEquals(
                Set.of("root"),
                subjects.of("root", "s", "", policy("except = group:root\n")).groups());
    }

    @Test
    void groupThatIsMadeAfterTheRulesWereReadCounts() throws Subjects.Unknown {
        Policy stale = new Policy(
                Optional.of(rules("only = group:root, group:no-such-group\n")),
                Admission.NONE,
                Map.of(),
                List.of("root", "no-such-group"),
                false,
                false);
        assertEquals(Set.of("root"), subjects.of("root", "s", "", stale).groups());
    }

    @Test
    void groupNameIsLookedUpWhereAPathHasIt() throws Subjects.Unknown {
        String text = "[r]\naction = private\ntarget = /srv/${group}\n";
        RuleSet rules = RulesParser.parse(List.of(new RulesSource("x.conf", text.getBytes(StandardCharsets.UTF_8))))
                .rules();
        assertEquals(
                "root",
                subjects.of("root", "s", "", Policy.ask(Optional.of(rules), Admission.NONE, names, sys))
                        .group());
    }

    @Test
    void policyTellsKnownGroupsFromUnknownOnes() {
        Policy policy = policy("only = group:root, group:no-such-group\n");
        assertEquals(Map.of(0L, "root"), policy.groups());
        assertEquals(List.of("no-such-group"), policy.unknownGroups());
    }
}
