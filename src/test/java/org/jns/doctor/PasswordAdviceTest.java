// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PasswordAdviceTest {
    private static final String SESSION = "session required pam_jns.so\n";
    private static final String ASKS = "auth required pam_unix.so\n";
    private static final String KEEPS = "auth optional pam_jns.so\n";

    private static List<String> on(boolean wanted, String... files) {
        return PasswordAdvice.on(PamStackTest.files(files), wanted).stream()
                .map(finding -> finding.severity() + " " + finding.what() + " -> " + finding.mend())
                .toList();
    }

    private static void only(String start, List<String> found) {
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).startsWith(start), found.toString());
    }

    @Test
    void nothingIsSaidOfAStackThatIsRight() {
        String debians =
                "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n"
                        + KEEPS;
        assertEquals(List.of(), on(true, "sshd", ASKS + KEEPS + SESSION));
        assertEquals(
                List.of(),
                on(
                        true,
                        "su",
                        "auth sufficient pam_rootok.so\n@include common-auth\n" + SESSION,
                        "common-auth",
                        debians));
    }

    @Test
    void withoutVolumesNoLineIsMissing() {
        assertEquals(List.of(), on(false, "sshd", ASKS + SESSION));
    }

    @Test
    void theLineIsMissedWhereThereIsAPassword() {
        assertEquals(
                List.of(
                        "WARNING rules have volumes that the password opens, and sessions by login, sshd bring none: their stacks have no line for it"
                                + " -> write after the lines that ask for it: auth optional pam_jns.so"),
                on(
                        true,
                        "sshd",
                        ASKS + SESSION,
                        "login",
                        ASKS + SESSION,
                        "su",
                        ASKS + KEEPS + SESSION,
                        "cron",
                        ASKS + SESSION,
                        "lightdm",
                        SESSION,
                        "gdm-password",
                        ASKS));
    }

    @Test
    void aLineBeforeThoseThatAskSeesNone() {
        only(
                "WARNING /etc/pam.d/sshd:1: the module sees no password here: it is asked for by pam_unix.so at /etc/pam.d/sshd:2",
                on(false, "sshd", KEEPS + ASKS + SESSION));
        assertEquals(List.of(), on(false, "sshd", ASKS + KEEPS + "auth required pam_sss.so\n" + SESSION));
        assertEquals(List.of(), on(false, "sshd", KEEPS + SESSION));
    }

    @Test
    void aLineThatMayBePassedOver() {
        only(
                "NOTE /etc/pam.d/sshd:2: sessions by sshd may bring no password for volumes: /etc/pam.d/sshd:1, pam_unix.so, can pass over this line",
                on(false, "sshd", "auth sufficient pam_unix.so\n" + KEEPS + SESSION));
        assertEquals(
                List.of(),
                on(false, "sshd", "auth substack asks\n" + KEEPS + SESSION, "asks", "auth sufficient pam_unix.so\n"));
    }

    @Test
    void anOptionThatIsNotKnown() {
        only(
                "WARNING /etc/pam.d/sshd:2: the module does not take sockte=/x: expected one of",
                on(false, "sshd", ASKS + "auth optional pam_jns.so sockte=/x\n" + SESSION));
    }

    @Test
    void aSharedLineIsNamedOnce() {
        only(
                "WARNING /etc/pam.d/common-auth:1: ",
                on(
                        false,
                        "sshd",
                        "@include common-auth\n" + SESSION,
                        "login",
                        "@include common-auth\n" + SESSION,
                        "common-auth",
                        KEEPS + ASKS));
    }
}
