// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.Directive;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.PathTemplate;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.view.Bench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookAdviceTest {
    private final RecordingSyscalls sys = new RecordingSyscalls();

    HookAdviceTest() {
        sys.directory("/opt", 0755, 0, 0).directory("/open", 01777, 0, 0).directory("/hers", 0755, 1000, 1000);
        sys.file("/opt/good", 0755, 0, "")
                .file("/opt/plain", 0644, 0, "")
                .file("/opt/hers", 0755, 1000, "")
                .file("/opt/open", 0757, 0, "");
        sys.file("/open/x", 0755, 0, "").file("/hers/x", 0755, 0, "");
        sys.directory("/fuse", 0755, 0, 0)
                .mount("/fuse", MountFlags.NONE, RecordingSyscalls.FUSE)
                .file("/fuse/x", 0755, 0, "");
        sys.link("/opt/link", 0, "good").link("/opt/her-link", 1000, "good").fifo("/opt/fifo");
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private List<String> advice(String program, String... targets) throws PathTemplate.SyntaxError {
        List<Rule> rules = new ArrayList<>();
        rules.add(rule(new Directive.Run(PathTemplate.parse(program), List.of(), 1000, false)));
        for (String target : targets) {
            rules.add(rule(new Directive.Tmpfs(List.of(PathTemplate.parse(target)), MountOptions.NONE)));
        }
        return HookAdvice.on(new RuleSet(rules), sys).stream()
                .map(Problem::toString)
                .toList();
    }

    private static Rule rule(Directive directive) {
        return new Rule(Bench.ORIGIN.rule(), Bench.ORIGIN.at(), List.of(), List.of(), directive);
    }

    @ParameterizedTest
    @CsvSource({
        "/opt/absent, there is nothing of that name on this machine",
        "/opt/good/x, there is nothing of that name on this machine",
        "/opt, it is no regular file",
        "/opt/fifo, it is no regular file",
        "/fuse/x, it is on a FUSE file system",
        "/opt/plain, it is not executable; run chmod 755 on it",
        "/opt/hers, 'others than root can change it, or a folder on the way to it'",
        "/opt/open, 'others than root can change it, or a folder on the way to it'",
        "/open/x, 'others than root can change it, or a folder on the way to it'",
        "/hers/x, 'others than root can change it, or a folder on the way to it'",
        "/opt/her-link, /opt/her-link is a symbolic link that somebody other than root can change; name the path without it"
    })
    void whatCouldNotBeRunIsAWarning(String program, String why) throws PathTemplate.SyntaxError {
        String at = Bench.ORIGIN.at().file() + ":" + Bench.ORIGIN.at().line() + ":"
                + Bench.ORIGIN.at().column();
        assertEquals(
                List.of(at + ": warning: rule [" + Bench.ORIGIN.rule() + "] cannot run " + program + ": " + why),
                advice(program));
    }

    @Test
    void whatIsGoodOrCannotBeKnownIsNone() throws PathTemplate.SyntaxError {
        assertEquals(List.of(), advice("/opt/good"));
        assertEquals(List.of(), advice("/opt/link"));
        assertEquals(List.of(), advice("/opt/${user}"));
        assertEquals(List.of(), advice("/opt/absent", "/x", "/opt"));
        assertEquals(List.of(), advice("/opt/absent", "/opt/absent"));
        assertEquals(List.of(), advice("/opt/absent", "${home}"));
        assertEquals(1, advice("/opt/absent", "/opt/absent/below", "/other").size());
    }

    @Test
    void hooksThatTakeLongerTogetherThanALoginWaitsAreToldOf() throws PathTemplate.SyntaxError {
        assertEquals(List.of(), ofHooks(5000, 5000));
        List<String> told = ofHooks(5000, 4000, 2000);
        assertEquals(1, told.size());
        assertTrue(
                told.get(0)
                        .contains(
                                "the hooks of one login may take 11 seconds together, and the login is refused after 10"),
                told.get(0));
    }

    private List<String> ofHooks(int... milliseconds) throws PathTemplate.SyntaxError {
        List<Rule> rules = new ArrayList<>();
        for (int limit : milliseconds) {
            rules.add(rule(new Directive.Run(PathTemplate.parse("/opt/good"), List.of(), limit, false)));
        }
        return HookAdvice.on(new RuleSet(rules), sys).stream()
                .map(Problem::toString)
                .toList();
    }
}
