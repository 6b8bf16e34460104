// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One output line for each line, in a short form: {@code LINE TYPE CONTROL MODULE OPTIONS}. */
class PamFileTest {

    private static String read(String text) {
        return PamFile.parse("/f", text).lines().stream()
                .map(PamFileTest::shown)
                .collect(Collectors.joining("; "));
    }

    private static String shown(PamLine line) {
        String start = line.at().line() + " ";
        if (line instanceof PamLine.Call call) {
            return start + call.type() + " " + call.control().text() + " " + call.module()
                    + call.options().stream().map(o -> " " + o).collect(Collectors.joining());
        } else if (line instanceof PamLine.Include include) {
            return start + include.type() + " " + (include.asOne() ? "substack" : "include") + " " + include.file();
        }
        return start + ((PamLine.Wrong) line).type() + " wrong: " + ((PamLine.Wrong) line).why();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "session required pam_jns.so                           | 1 session required pam_jns.so",
                "'  session\trequired   pam_jns.so  a=b  '             | 1 session required pam_jns.so a=b",
                "SESSION Required pam_jns.so                           | 1 session Required pam_jns.so",
                "-session optional pam_x.so                            | 1 session optional pam_x.so",
                "session required pam_x.so # why                       | 1 session required pam_x.so",
                "session required pam_x.so#why                         | 1 session required pam_x.so",
                "session [success=1 default=ignore] pam_x.so           | 1 session success=1 default=ignore pam_x.so",
                "session required pam_x.so [a b] c                     | 1 session required pam_x.so a b c",
                "session required pam_x.so [a\\]b]                     | 1 session required pam_x.so a]b",
                "session required pam_x.so [a b                        | 1 session required pam_x.so a b",
                "@include common-session                               | 1  include common-session",
                "session include system-auth                           | 1 session include system-auth",
                "session substack /etc/pam.d/x                         | 1 session substack /etc/pam.d/x",
                "@include                                              | 1  wrong: it names no file to include",
                "sesion required pam_x.so                              | '1  wrong: it begins with none of auth, account, password, session'",
                "session required                                      | 1 session wrong: it names no module",
                "session                                               | 1 session wrong: it names no module",
                "session include                                       | 1 session wrong: it names no module",
                "session sometimes pam_x.so                            | 1 session wrong: PAM does not know how to take 'sometimes'",
                "session [success] pam_x.so                            | 1 session wrong: PAM does not know how to take 'success'",
                "session [success=often] pam_x.so                      | 1 session wrong: PAM does not know how to take 'success=often'",
                "session [] pam_x.so                                   | 1 session wrong: PAM does not know how to take ''",
            })
    void readsALine(String text, String expected) {
        assertEquals(expected.strip(), read(text).strip());
    }

    @Test
    void aLineGoesOnBehindABackslash() {
        assertEquals(
                "1 session required pam_x.so a b; 5 auth required pam_y.so",
                read("session required \\\n  pam_x.so a \\\n\n b\nauth required pam_y.so\n"));
    }

    @Test
    void aCommentDoesNotEndAContinuedLineButWhatHasOneIsNotContinued() {
        assertEquals("1 session required pam_x.so", read("session required \\\n# between\npam_x.so\n"));
        assertEquals(
                "1 session required pam_x.so; 2 auth required pam_y.so",
                read("session required pam_x.so # \\\nauth required pam_y.so\n"));
        assertEquals("", read("# session required \\\n"));
    }

    @Test
    void aFileThatEndsInAContinuedLineIsWrongForEveryStack() {
        assertEquals(
                "1 auth required pam_y.so; 2  wrong: the file ends in a line that is continued",
                read("auth required pam_y.so\nsession required pam_x.so \\\n"));
    }

    @Test
    void aCarriageReturnIsPartOfTheWord() {
        assertEquals(
                List.of("pam_jns.so\r"),
                PamFile.parse("/f", "session required pam_jns.so\r\n").lines().stream()
                        .map(l -> ((PamLine.Call) l).module())
                        .toList());
    }

    @Test
    void anyBytesAreReadToTheEnd() {
        Random random = new Random(4711);
        String letters = "session required[]\\#@include -pam.so=\n\t \r\0\u00ff";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            PamFile file = PamFile.parse("/f", text.toString());
            assertNotNull(
                    PamStack.of(new PamFiles(java.util.Map.of("f", file)), "f").elements());
        }
    }
}
