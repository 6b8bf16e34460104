// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that legal mistakes cause a warning, and that texts that may be intended cause none. */
class DoubtsTest {

    private static String warnings(String text) {
        Parsed parsed = Texts.parse(text);
        assertFalse(parsed.hasErrors(), parsed.problems().toString());
        return Texts.lines(parsed.problems());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user:alice                | user:alice                        | true",
                "user:alice                | user:al*                          | true",
                "user:al*                  | user:a*, group:x                  | true",
                "user:a?                   | user:a*                           | true",
                "user:a*                   | user:a?                           | false",
                "user:a*                   | user:alice                        | false",
                "user:alice, group:x       | user:alice                        | false",
                "user:alice, group:x       | group:x, user:*ice                | true",
                "uid:1000-1999             | uid:0-1999                        | true",
                "uid:1000-1999             | uid:1001-1999                     | false",
                "gid:5                     | gid:5-6                           | true",
                "shell:/bin/sh             | shell:/bin/*                      | true",
                "tty:tty1                  | tty:tty*                          | true",
                "service:sshd              | user:sshd                         | false",
                "user:alice, !group:x      | user:alice                        | true",
                "user:alice                | user:alice, !group:x              | false",
                "user:alice                | !user:alice                       | false",
                "-                         | user:*                            | true",
                "-                         | uid:0-4294967294                  | true",
                "-                         | gid:0-4294967293                  | false",
                "!user:bob                 | service:**                        | true",
                "-                         | user:alice                        | false",
            })
    void aRuleForNobody(String only, String except, boolean nobody) {
        String text = "[r]\naction = hide\ntarget = /x\nexcept = " + except + "\n"
                + (only.equals("-") ? "" : "only = " + only + "\n");
        String expected =
                "x.conf:4:10: warning: the rule is for nobody: 'except' excludes everyone that 'only' includes\n";
        assertEquals(nobody ? expected : "", warnings(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user:root         | true",
                "uid:0             | true",
                "user:root, uid:0  | true",
                "user:root, user:a | false",
                "uid:0-5           | false",
                "!user:root        | false",
                "group:root        | false"
            })
    void aRuleForRootAlone(String only, boolean doubt) {
        String expected =
                "x.conf:4:8: warning: the rule is for root alone, who needs the host's view to mend what is broken; to leave root out, use 'except'\n";
        assertEquals(doubt ? expected : "", warnings("[r]\naction = hide\ntarget = /x\nonly = " + only + "\n"));
    }

    @Test
    void sourcesWhereEverybodyCanWrite() {
        String tail = ", where everybody can create missing files; choose a folder that root alone can change\n";
        assertEquals(
                "x.conf:3:10: warning: 'source' is in /tmp" + tail + "x.conf:8:15: warning: 'lower' is in /dev/shm"
                        + tail + "x.conf:13:8: warning: 'skel' is in /var/tmp" + tail,
                warnings(
                        """
                        [a]
                        action = bind
                        source = /tmp/a
                        target = /a
                        [b]
                        action = overlay
                        upper = keep
                        lower = /srv, /dev/shm/x
                        target = /b
                        [c]
                        action = private
                        target = /c
                        skel = /var/tmp/${user}
                        """));
        assertEquals(
                "",
                warnings(
                        "[a]\naction = bind\nsource = /tmp\ntarget = /a\n[b]\naction = bind\nsource = /tmpfiles/x\ntarget = /tmp/b\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/scratch                     | 0700:${user}       | true",
                "/scratch/${user}             | 0700:${user}       | false",
                "/scratch/${uid}, ${home}/x   | 0700:${user}       | false",
                "/scratch/${user}, /other     | 0700:${user}       | true",
                "/scratch/${gid}              | 0700:${user}       | true",
                "/scratch                     | 0700:root:${group} | false",
                "/scratch                     | 0777               | false",
            })
    void whoeverComesFirstWouldOwnIt(String target, String create, boolean doubt) {
        String expected =
                "x.conf:4:10: warning: the user who logs in first would own the target, which is the same for all users; "
                        + "put ${user}, ${uid} or ${home} into it, or let root own it\n";
        assertEquals(
                doubt ? expected : "",
                warnings("[r]\naction = private\ntarget = " + target + "\ncreate = " + create + "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "share = user | per = session | true",
                "share = none | per = session | false",
                "share = user | per = user    | false",
                "share = user | keep = logout | false",
                "# nothing    | per = session | false",
            })
    void aViewThatIsTheSessionsOwnAllTheSame(String share, String lifetime, boolean doubt) {
        String expected = "x.conf:4:9: warning: with per = session, each session has a folder of its own, "
                + "and so the view is the session's own all the same; take one of the two out\n";
        assertEquals(
                doubt ? expected : "",
                warnings("[r]\naction = private\ntarget = /x\n" + share + "\n" + lifetime + "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "only = user:alice                    | -                                  | true",
                "only = user:alice                    | only = user:al*                    | true",
                "only = user:alice                    | only = user:alice, group:x         | true",
                "only = group:x, !user:bob            | only = group:x, !user:bob          | true",
                "only = group:x, !user:bob            | only = group:x                     | true",
                "only = group:x                       | only = group:x, !user:bob          | false",
                "only = user:alice, group:x           | only = user:alice                  | false",
                "-                                    | only = user:alice                  | false",
                "-                                    | -                                  | true",
                "-                                    | except = user:root                 | false",
                "except = user:root, group:adm        | except = user:root                 | true",
                "except = user:root                   | except = user:root, group:adm      | false",
                "only = uid:1000-1999                 | only = uid:1000-1999, gid:0        | true",
            })
    void aTargetThatIsTakenOverFromAll(String first, String second, boolean doubt) {
        String a =
                "[a]\naction = private\ntarget = /w, /x/${user}\n" + (first.equals("-") ? "# nothing\n" : first + "\n");
        String b = "[b]\naction = tmpfs\ntarget = /q, /x//${user}\nreplace = yes\n"
                + (second.equals("-") ? "" : second + "\n");
        String expected = "x.conf:7:14: warning: target /x//${user} of [a] at x.conf:1 is never shown: "
                + "this rule takes it over from all whom that one is for; take it out there\n";
        assertEquals(doubt ? expected : "", warnings(a + b));
        assertEquals(
                "", warnings("[b]\naction = tmpfs\ntarget = /q\nreplace = yes\n[a]\naction = private\ntarget = /w\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pid           | # nothing                                  | true",
                "uts, pid      | only = user:alice                          | true",
                "uts, pid      | only = user:alice, service:sshd            | true",
                "pid           | only = service:sshd, service:su            | false",
                "pid           | only = service:s*                          | true",
                "pid           | except = user:root, service:systemd-user   | false",
                "pid           | except = service:systemd*                  | false",
                "pid           | only = group:x, !service:systemd-user      | false",
                "cgroup, net   | only = user:alice                          | true",
                "uts, ipc      | # nothing                                  | false",
                "net, time     | only = user:alice                          | false",
            })
    void aUserManagerAmongOtherProcessesOrCgroups(String kinds, String who, boolean doubt) {
        String expected =
                "x.conf:3:11: warning: a user's service manager does not work where processes or cgroups are other than the host's; "
                        + "put service:systemd-user into 'except'\n";
        assertEquals(doubt ? expected : "", warnings("[r]\naction = isolate\nisolate = " + kinds + "\n" + who + "\n"));
    }

    @Test
    void nobodyReachesTheNetwork() {
        String expected =
                "x.conf:3:11: warning: in a network namespace of its own nobody reaches the network, and this rule is for everyone; "
                        + "name those whom it is for in 'only'\n";
        assertEquals(expected, warnings("[r]\naction = isolate\nisolate = net\nexcept = user:root\n"));
        assertEquals("", warnings("[r]\naction = isolate\nisolate = net\nonly = group:students\n"));
    }

    @Test
    void aReplacementIsNoDuplicateAndAnEarlierOneDoesNotHelp() {
        assertEquals(
                List.of("x.conf:7:10: target /x is already that of [a] at x.conf:1, and both rules are for everyone"),
                Texts.parse("[a]\naction = hide\ntarget = /x\nreplace = yes\n[b]\naction = hide\ntarget = /x\n")
                        .problems()
                        .stream()
                        .map(Object::toString)
                        .toList());
    }

    @Test
    void longListsAreReadInTimeAndTheirMeaningIsNotSearched() {
        StringBuilder only = new StringBuilder("user:a0");
        StringBuilder except = new StringBuilder("user:a0");
        for (int i = 1; i < 12_000; i++) {
            only.append(", user:a").append(i);
            except.append(", user:a").append(i);
        }
        // The length of a line is limited, so the lists are long only together.
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("[r")
                    .append(i)
                    .append("]\naction = tmpfs\ntarget = /x\nreplace = yes\nonly = ")
                    .append(only.substring(0, 4000).replaceAll(",[^,]*$", ""))
                    .append("\nexcept = ")
                    .append(except.substring(0, 4000).replaceAll(",[^,]*$", ""))
                    .append('\n');
        }
        org.jns.ProcessorTime.atMost(java.time.Duration.ofSeconds(10), () -> Texts.parse(text.toString()));
    }
}
