// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Entrance;
import org.jns.model.Glob;
import org.jns.model.Matcher;
import org.jns.model.Sharing;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static Settings.Loaded parse(String text) {
        return Settings.parse(new RulesSource("jns.conf", text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\n", "[daemon]\n", "\uFEFF[daemon]"})
    void whatIsNotSaidHasItsDefault(String text) {
        assertEquals(Settings.DEFAULT, parse(text).settings());
    }

    @Test
    void everyKeyIsRead() {
        Settings.Loaded loaded = parse(
                """
                [daemon]            ; a comment
                socket = /a/b.sock
                state=/c/
                instances = //d//e
                rules = /f
                waiting-threads = 64
                metrics-file = /g/jns.prom
                """);
        assertEquals(
                new Settings(
                        AbsPath.of("/a/b.sock"),
                        AbsPath.of("/c"),
                        AbsPath.of("/d/e"),
                        AbsPath.of("/f"),
                        64,
                        Optional.of(AbsPath.of("/g/jns.prom")),
                        Admission.NONE),
                loaded.settings());
        assertTrue(loaded.problems().isEmpty(), loaded.problems().toString());
    }

    @Test
    void placesFollowTheSettings() {
        Places places =
                parse("[daemon]\nstate = /s\ninstances = /i\n").settings().places();
        assertEquals(AbsPath.of("/s/hidden"), places.hidden());
        assertEquals(AbsPath.of("/i/last-good-rules"), places.lastGood());
        assertEquals(java.util.List.of(AbsPath.of("/s"), AbsPath.of("/i")), places.reserved());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    waiting-threads = 0     | jns.conf:2:19: '0' is not a number from 1 to 64
                    waiting-threads = 65    | jns.conf:2:19: '65' is not a number from 1 to 64
                    waiting-threads = -1    | jns.conf:2:19: '-1' is not a number from 1 to 64
                    waiting-threads = 3.0   | jns.conf:2:19: '3.0' is not a number from 1 to 64
                    waiting-threads = 1e1   | jns.conf:2:19: '1e1' is not a number from 1 to 64
                    waiting-threads = 99999999999 | jns.conf:2:19: '99999999999' is not a number from 1 to 64
                    waiting-threads = ٣     | jns.conf:2:19: '٣' is not a number from 1 to 64
                    socket = run/x          | jns.conf:2:10: 'run/x' is not an absolute path
                    socket = /run/../x      | jns.conf:2:10: path '/run/../x' has the component '..'
                    state = ${env:HOME}     | jns.conf:2:9: '${env:HOME}' is not an absolute path
                    rules = /a/./b          | jns.conf:2:9: path '/a/./b' has the component '.'
                    sokcet = /x             | jns.conf:2:1: unknown key 'sokcet' (expected one of socket, state, instances, rules, waiting-threads, metrics-file)
                    socket =                | jns.conf:2:9: 'socket' has no value
                    socket                  | jns.conf:2:1: expected 'key = value', '[section]' or a comment
                    """)
    void whatIsWrongIsSaidAndHasItsDefault(String line, String problem) {
        Settings.Loaded loaded = parse("[daemon]\n" + line + "\n");
        assertEquals(problem, loaded.problems().get(0).toString());
        assertTrue(loaded.problems().get(0).isError());
        assertEquals(Settings.DEFAULT, loaded.settings());
    }

    @Test
    void otherSectionsAreErrors() {
        assertEquals(
                "jns.conf:1:1: unknown section 'demon' (expected one of daemon, policy)",
                parse("[demon]\nsocket = /x\n").problems().get(0).toString());
    }

    @Test
    void policySaysWhoGetsInWithoutAView() {
        Settings.Loaded loaded = parse(
                "[policy]\nmust-match = group:agents, uid:1000-1999\non-error-allow = service:login\n[daemon]\nstate = /c\n");
        assertEquals(List.of(), loaded.problems());
        assertEquals(
                new Admission(
                        List.of(new Matcher.Group("agents"), new Matcher.UidRange(1000, 1999)),
                        List.of(new Matcher.Service(new Glob("login")))),
                loaded.settings().admission());
        assertEquals(AbsPath.of("/c"), loaded.settings().state());
        assertEquals(Admission.NONE, parse("[policy]\n").settings().admission());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    must-match = agents     | jns.conf:2:14: 'agents' is no selector
                    must-mach = group:a     | jns.conf:2:1: unknown key 'must-mach' (expected one of must-match, on-error-allow, share, enter, root); did you mean 'must-match'?
                    on-error-allow =        | jns.conf:2:17: 'on-error-allow' has no value
                    on-error-allow = uid:1,, | jns.conf:2:24: empty item in the list of 'on-error-allow'
                    share = session         | jns.conf:2:9: unknown value 'session' (expected one of user, none)
                    enter = yes             | jns.conf:2:9: unknown value 'yes' (expected one of owner, root)
                    root = yes              | jns.conf:2:8: unknown value 'yes' (expected one of inherit, host)
                    """)
    void whatIsWrongWithThePolicyIsSaid(String line, String problem) {
        Settings.Loaded loaded = parse("[policy]\n" + line + "\n");
        assertTrue(
                loaded.problems().get(0).toString().startsWith(problem),
                loaded.problems().toString());
        assertTrue(loaded.problems().get(0).isError());
    }

    @ParameterizedTest
    @CsvSource({
        "share = none, NONE, false",
        "share = user, USER, false",
        "root = host, USER, true",
        "root = inherit, USER, false"
    })
    void policySaysWhoseAViewIs(String line, Sharing sharing, boolean rootGoesToHost) {
        Settings.Loaded loaded = parse("[policy]\n" + line + "\n");
        assertEquals(List.of(), loaded.problems());
        assertEquals(
                new Admission(List.of(), List.of(), sharing, rootGoesToHost),
                loaded.settings().admission());
    }

    @ParameterizedTest
    @CsvSource({"enter = owner, OWNER", "enter = root, ROOT", "share = user, ROOT"})
    void policySaysWhoMayEnter(String line, Entrance entrance) {
        Settings.Loaded loaded = parse("[policy]\n" + line + "\n");
        assertEquals(List.of(), loaded.problems());
        assertEquals(entrance, loaded.settings().admission().entrance());
    }

    @Test
    void aKeyTwiceIsAnError() {
        assertEquals(
                "jns.conf:3:1: key 'state' is already in line 2",
                parse("[daemon]\nstate = /a\nstate = /b\n").problems().get(0).toString());
    }

    /** The end of sun_path in unix(7): a longer path could not be bound. */
    @Test
    void socketPathMustFitIntoAnAddress() {
        String longest = "/" + "x".repeat(106);
        assertTrue(parse("[daemon]\nsocket = " + longest + "\n").problems().isEmpty());
        String text = "socket path is longer than 107 bytes";
        assertEquals(
                "jns.conf:2:10: " + text,
                parse("[daemon]\nsocket = " + longest + "x\n").problems().get(0).toString());
        assertEquals(
                "jns.conf:2:10: " + text,
                parse("[daemon]\nsocket = /" + "ä".repeat(54) + "\n")
                        .problems()
                        .get(0)
                        .toString());
    }
}
