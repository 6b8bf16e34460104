// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "session required pam_unix.so\n",
                "@include common-session",
                "# only words\n\n",
                "session required \\\n\n  pam_x.so\n"
            })
    void whatIsPutInIsTakenOut(String text) {
        String with = StackText.with(text);
        assertTrue(StackText.hasModule(with));
        assertTrue(with.startsWith(text));
        assertEquals(text + (text.endsWith("include common-session") ? "\n" : ""), StackText.without(with));
    }

    @Test
    void everyLineOfTheModuleGoesWhoeverWroteIt() {
        assertEquals(
                "# pam_jns.so is good\nsession required pam_unix.so # before pam_jns.so\n",
                StackText.without(
                        "# pam_jns.so is good\nsession [success=ok default=bad] /lib/security/pam_jns.so timeout=3\n"
                                + "session required pam_unix.so # before pam_jns.so\n-session optional pam_jns.so"));
    }

    @Test
    void lineThatGoesOnIsOneLine() {
        assertEquals("a\nb\n", StackText.without("a\nsession required \\\n\n# in between\n   pam_jns.so\nb\n"));
        assertFalse(StackText.hasModule("session required pam_x.so # \\\n"));
        // A comment ends a line: the text after it is a new one.
        assertEquals(
                "session required pam_x.so # \\\n",
                StackText.without("session required pam_x.so # \\\nsession required pam_jns.so\n"));
    }

    private static final String JUMP = "session [success=1 default=ignore] pam_succeed_if.so quiet user = alice\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-session\trequired \\\n # more\n pam_jns.so timeout=3\n",
                "session required pam_jns.so\nsession required pam_unix.so\n",
                "session [success=1 default=bad] pam_jns.so"
            })
    void jumpsFindAnotherModuleInThePlace(String lines) throws IOException, InterruptedException {
        String text = "auth optional pam_jns.so\n@include common-session\n" + JUMP + lines;
        String without = StackText.without(text);
        assertTrue(without.startsWith("@include common-session\n" + JUMP + "session "), without);
        assertTrue(without.contains(" pam_permit.so # in the place of: "), without);
        assertFalse(StackText.hasModule(without));
        assertEquals(without, ofThePackage(text));
        String back = StackText.with(without);
        assertTrue(StackText.hasModule(back));
        assertEquals(without, StackText.without(back));
    }

    @Test
    void placeInOtherTypesTakesNoPartInTheDecision() throws IOException, InterruptedException {
        String text =
                "auth [success=2 default=ignore] pam_unix.so\nauth optional pam_jns.so\nsession required pam_jns.so\n";
        String without =
                "auth [success=2 default=ignore] pam_unix.so\nauth [default=ignore] pam_permit.so # in the place of: auth optional pam_jns.so\n";
        assertEquals(without, StackText.without(text));
        assertEquals(without, ofThePackage(text));
    }

    /** Like the scripts of the packages. */
    private static String ofThePackage(String text) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", ". ./packaging/remove.sh; without_module")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertEquals(0, process.waitFor());
        return said;
    }

    @Test
    void otherBytesStay() {
        String text = "session required pam_unix.so\r\n\u00ff\u0000\n";
        assertEquals(text, StackText.without(text));
    }
}
