// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "session required pam_unix.so\n", "@include common-session", "# only words\n\n", "session required \\\n\n  pam_x.so\n"})
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
                StackText.without("# pam_jns.so is good\nsession [success=ok default=bad] /lib/security/pam_jns.so timeout=3\n"
                        + "session required pam_unix.so # before pam_jns.so\n-session optional pam_jns.so"));
    }

    @Test
    void lineThatGoesOnIsOneLine() {
        assertEquals("a\nb\n", StackText.without("a\nsession required \\\n\n# in between\n   pam_jns.so\nb\n"));
        assertFalse(StackText.hasModule("session required pam_x.so # \\\n"));
        // A comment ends a line: what follows is another one.
        assertEquals("session required pam_x.so # \\\n", StackText.without("session required pam_x.so # \\\nsession required pam_jns.so\n"));
    }

    @Test
    void otherBytesStay() {
        String text = "session required pam_unix.so\r\n\u00ff\u0000\n";
        assertEquals(text, StackText.without(text));
    }
}
