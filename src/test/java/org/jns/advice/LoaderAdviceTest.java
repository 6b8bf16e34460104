// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.Problem;
import org.jns.rules.Parsed;
import org.jns.rules.RulesParser;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoaderAdviceTest {
    private static final String LIBRARIES = "/usr/lib/x86_64-linux-gnu";

    private final RecordingSyscalls sys = new RecordingSyscalls();

    /** Like Debian 12, with the 32-bit libraries next to them. */
    LoaderAdviceTest() {
        for (String folder : List.of(
                "/usr",
                "/usr/bin",
                "/usr/lib",
                LIBRARIES,
                "/usr/lib64",
                "/usr/lib32",
                "/usr/share",
                "/usr/lib/app",
                "/usr/lib32/app",
                "/copy",
                "/tmp")) {
            sys.directory(folder, 0755, 0, 0);
        }
        sys.link("/bin", 0, "usr/bin").link("/lib", 0, "usr/lib").link("/lib64", 0, "usr/lib64");
        sys.link("/usr/bin/sh", 0, "dash")
                .file("/usr/bin/dash", 0755, 0, ElfFileTest.program(true, "/lib64/ld-linux-x86-64.so.2"));
        sys.link("/usr/lib64/ld-linux-x86-64.so.2", 0, "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
        for (String name : List.of("ld-linux-x86-64.so.2", "libc.so.6", "libz.so.1")) {
            sys.file(LIBRARIES + "/" + name, 0755, 0, ElfFileTest.library(true));
        }
        for (String name : List.of("/ld-linux.so.2", "/libc.so.6", "/libz.so.1", "/app/liba.so")) {
            sys.file("/usr/lib32" + name, 0755, 0, ElfFileTest.library(false));
        }
        sys.file("/usr/lib/app/liba.so", 0755, 0, ElfFileTest.library(true));
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private List<String> advice(String rules) {
        Parsed parsed = RulesParser.parse(List.of(new RulesSource("r", rules.getBytes(StandardCharsets.UTF_8))));
        assertEquals(List.of(), parsed.problems());
        return LoaderAdvice.on(parsed.rules(), sys).stream()
                .map(Problem::toString)
                .toList();
    }

    private static String rule(String name, String text) {
        return "[" + name + "]\naction = " + text.replace("; ", "\n") + "\n";
    }

    private static String lost(String file) {
        return lost(file, "so that no program starts in it");
    }

    private static String lost(String file, String without) {
        return "r:1:1: warning: rule [r] leaves a session without " + file + ", " + without
                + "; choose a narrower target, or use an overlay";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bind; source = /usr/lib32; target = /usr/lib",
                "bind; source = /usr/lib32; target = /lib",
                "tmpfs; target = /usr/lib",
                "private; target = /lib",
                "private; skel = /copy; target = /lib",
                "hide; target = /usr/lib",
                "overlay; lower = /usr/lib32, /copy; upper = discard; target = /usr/lib",
                "bind; source = /usr/lib32; target = /usr/lib/x86_64-linux-gnu",
                "bind; source = /usr/lib32; target = /lib/x86_64-linux-gnu",
                "hide; target = /lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
                "tmpfs; target = /srv-is-not-there, /usr/lib; required = no"
            })
    void aRuleThatTakesTheLoaderIsToldOf(String text) {
        assertEquals(List.of(lost(LIBRARIES + "/ld-linux-x86-64.so.2")), advice(rule("r", text)));
    }

    @Test
    void soIsOneThatTakesTheNameOfTheLoaderTheShellOrTheLibrary() {
        assertEquals(List.of(lost("/usr/lib64/ld-linux-x86-64.so.2")), advice(rule("r", "tmpfs; target = /lib64")));
        assertEquals(List.of(lost("/usr/bin/sh")), advice(rule("r", "tmpfs; target = /usr")));
        assertEquals(List.of(lost("/usr/bin/sh")), advice(rule("r", "hide; target = /bin")));
        assertEquals(
                List.of(lost(LIBRARIES + "/libc.so.6")),
                advice(rule("r", "hide; target = /lib/x86_64-linux-gnu/libc.so.6")));
    }

    @Test
    void aLibraryForOtherProgramsIsNoLibrary() {
        String target = "target = " + LIBRARIES + "/libc.so.6";
        assertEquals(
                List.of(lost(LIBRARIES + "/libc.so.6")),
                advice(rule("r", "bind; source = /usr/lib32/libc.so.6; " + target)));
        sys.file("/copy/libc.so.6", 0755, 0, ElfFileTest.library(true));
        assertEquals(List.of(), advice(rule("r", "bind; source = /copy/libc.so.6; " + target)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bind; source = /usr/lib32/app; target = /usr/lib/app",
                "bind; source = /usr/lib32/libz.so.1; target = /usr/lib/x86_64-linux-gnu/libz.so.1",
                "overlay; lower = /usr/lib32, /usr/lib; upper = discard; target = /usr/lib",
                "overlay; upper = keep; target = /usr/lib",
                "readonly; target = /usr, /lib, /bin/sh",
                "passthrough; target = /usr/lib",
                "tmpfs; target = /usr/share, /tmp, ${home}",
                "bind; source = /copy/${user}; target = /usr/lib",
                "bind; source = /usr; target = /usr",
                "tmpfs; target = /usr/lib/${user}"
            })
    void whatLeavesThemIsNot(String text) {
        assertEquals(List.of(), advice(rule("r", text)));
    }

    /** A private folder, or a rule for only some users, hides just as much. */
    @Test
    void whatHardlyASessionDoesWithoutIsToldOf() {
        sys.file("/usr/bin/zsh", 0755, 0, ElfFileTest.library(true))
                .directory("/etc", 0755, 0, 0)
                .directory("/dev", 0755, 0, 0);
        sys.file(
                "/etc/passwd",
                0644,
                0,
                "root:x:0:0:root:/root:/bin/sh\nbroken\nalice:x:1000:1000::/home/alice:/bin/zsh\nd:x:1:1::/:/usr/sbin/nologin\nx:x:2:2:::sh\n");
        sys.file("/dev/null", 0666, 0, "").file("/etc/other", 0644, 0, "");
        assertEquals(
                List.of(lost("/usr/bin/zsh", "so that nobody with this login shell can log in")),
                advice(rule("r", "hide; target = /bin/zsh")));
        assertEquals(
                List.of(lost("/etc/passwd", "so that programs do not know who the user is")),
                advice(rule("r", "hide; target = /etc/passwd")));
        assertEquals(
                List.of(lost("/etc/passwd", "so that programs do not know who the user is")),
                advice(rule("r", "tmpfs; target = /etc")));
        assertEquals(
                List.of(lost("/dev/null", "which most shells and programs need")),
                advice(rule("r", "tmpfs; target = /dev")));
        assertEquals(
                List.of(),
                advice(rule("r", "bind; source = /etc/other; target = /etc/passwd")
                        + rule("s", "tmpfs; target = /dev/shm; required = no")));
        assertEquals(
                List.of(), advice(rule("r", "tmpfs; target = /dev") + rule("s", "passthrough; target = /dev/null")));
    }

    @Test
    void whatAnotherRuleBringsBackIsThere() {
        String hidden = rule("r", "tmpfs; target = /usr/lib");
        assertEquals(List.of(), advice(hidden + rule("back", "passthrough; target = /usr/lib/x86_64-linux-gnu")));
        assertEquals(List.of(), advice(hidden + rule("back", "passthrough; target = /lib/x86_64-linux-gnu")));
        assertEquals(
                1,
                advice(hidden + rule("other", "passthrough; target = /usr/lib/app"))
                        .size());
        assertEquals(
                1, advice(hidden + rule("around", "readonly; target = /usr")).size());
    }

    /** A shell without a loader is statically linked. */
    @Test
    void whatTheHostDoesNotHaveCannotBeLost() {
        assertEquals(1, advice(rule("r", "tmpfs; target = /usr/lib")).size());
        sys.swap("/usr/bin/dash", LIBRARIES + "/libz.so.1");
        assertEquals(List.of(), advice(rule("r", "tmpfs; target = /usr/lib")));
        assertEquals(List.of(lost("/usr/bin/sh")), advice(rule("r", "tmpfs; target = /usr/bin")));
        sys.swap("/usr/bin/sh", "/tmp");
        assertEquals(List.of(), LoaderAdvice.on(RulesParser.parse(List.of()).rules(), new RecordingSyscalls()));
    }

    @Test
    void everyCallMayFail() {
        String text = rule("r", "bind; source = /usr/lib32; target = /usr/lib");
        int calls = sys.transcript().calls();
        advice(text);
        int all = sys.transcript().calls() - calls;
        for (int i = 0; i < all; i++) {
            sys.transcript().failCall(sys.transcript().calls() + i, 5);
            advice(text);
            sys.assertClean();
        }
    }
}
