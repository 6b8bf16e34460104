// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PamAdviceTest {

    private static final String JNS = "session required pam_jns.so\n";
    private static final String SOCKET = "/run/jns/jnsd.sock";
    private static final PamAdvice.Facts GOOD = facts("", "");

    private static PamAdvice.Facts facts(String module, String program) {
        return new PamAdvice.Facts(
                "/lib/security",
                Map.of("/lib/security/pam_jns.so", module),
                Map.of("/usr/sbin/jnsd", program),
                SOCKET,
                false,
                true);
    }

    private static List<String> on(PamAdvice.Facts facts, String... files) {
        return PamAdvice.on(PamStackTest.files(files), facts).stream()
                .map(finding -> finding.severity() + " " + finding.what() + " -> " + finding.mend())
                .toList();
    }

    private static void only(List<String> found, String start) {
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).startsWith(start), found.toString());
    }

    @Test
    void nothingIsSaidOfAMachineWhereEveryLoginCallsItOnce() {
        assertEquals(
                List.of(),
                on(GOOD, "sshd", JNS, "su", JNS, "su-l", "session include su\n", "passwd", "password required a.so\n"));
    }

    @Test
    void aMachineWithoutTheModuleIsOneError() {
        assertEquals(
                List.of("ERROR no login program calls the module: nobody is isolated -> jnsctl enable"),
                on(GOOD, "sshd", "session required a.so\n", "su", ""));
        only(on(GOOD), "ERROR there is no file of a login program");
    }

    @Test
    void aServiceWithoutTheModuleIsAWarningAtTheFileThatIsToBeChanged() {
        assertEquals(
                List.of(
                        "WARNING sessions by su are not isolated: /etc/pam.d/su has no line with the module -> jnsctl enable su"),
                on(GOOD, "sshd", JNS, "su", "session required a.so\n", "su-l", "session include su\n"));
    }

    @Test
    void run0GoesByOther() {
        PamAdvice.Facts withRun0 = new PamAdvice.Facts("/lib/security", Map.of(), Map.of(), SOCKET, true, false);
        only(
                on(withRun0, "sshd", JNS, "other", "session required a.so\n"),
                "WARNING sessions by systemd-run0 are not isolated: PAM takes /etc/pam.d/other for it, which has no line with the module -> jnsctl enable other");
        assertEquals(List.of(), on(GOOD, "sshd", JNS, "other", "session required a.so\n"));
        assertEquals(List.of(), on(withRun0, "sshd", JNS, "other", JNS));
        assertEquals(List.of(), on(withRun0, "sshd", JNS));
    }

    @Test
    void twiceInAStackIsAWarning() {
        only(
                on(GOOD, "su", JNS, "su-l", JNS + "session include su\n"),
                "WARNING logins by su-l call the module twice, at /etc/pam.d/su-l:1 and /etc/pam.d/su:1");
        only(
                on(GOOD, "sshd", JNS + "@include common-session\n", "common-session", JNS),
                "WARNING logins by sshd call the module twice");
    }

    @Test
    void aModuleThatIsNotThereLocksEverybodyOut() {
        only(
                on(facts("it is missing", ""), "sshd", JNS),
                "ERROR /etc/pam.d/sshd:1: PAM cannot take pam_jns.so: it is missing; nobody gets in");
    }

    @Test
    void aModuleOfAnotherNameIsLookedForUnderThatName() {
        PamFiles files = PamStackTest.files(
                "sshd",
                "session required pam_jns\n",
                "su",
                "session required pam_jns.so\r\n",
                "cron",
                "session required /opt/$ISA/pam_jns.so\n");
        assertEquals(
                java.util.Set.of("/s/pam_jns", "/s/pam_jns.so\r", "/opt//pam_jns.so"),
                PamAdvice.modulePaths(files, "/s"));
        PamAdvice.Facts facts =
                new PamAdvice.Facts("/s", Map.of("/s/pam_jns.so\r", "it is missing"), Map.of(), SOCKET, false, false);
        List<String> found = on(facts, "su", "session required pam_jns.so\r\n", "sshd", JNS);
        assertTrue(
                found.get(0).startsWith("ERROR /etc/pam.d/su:1: PAM cannot take pam_jns.so\\u000d: it is missing"),
                found.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"account", "password"})
    void whereItIsCalledForSomethingElseItFails(String type) {
        only(
                on(GOOD, "sshd", JNS + type + " required pam_jns.so\n"),
                "ERROR /etc/pam.d/sshd:2: pam_jns.so is a module for sessions");
        assertEquals(List.of(), on(GOOD, "sshd", JNS + "auth required pam_jns.so\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session optional pam_jns.so                        | WARNING /etc/pam.d/sshd:1: with 'optional' a session that is refused goes on without isolation",
                "session [success=1 default=bad] pam_jns.so         | WARNING /etc/pam.d/sshd:1: with 'success=1 default=bad' the modules below it are not all called",
                "session required pam_jns.so frob                   | ERROR /etc/pam.d/sshd:1: the module does not take frob: expected one of socket=",
                "session required pam_jns.so timeout=0              | ERROR /etc/pam.d/sshd:1: the module does not take timeout=0: expected timeout=SECONDS, 1 to 300",
                "session required pam_jns.so socket=/run/x.sock     | WARNING /etc/pam.d/sshd:1: the module asks on /run/x.sock, and the daemon's settings say /run/jns/jnsd.sock",
                "session required pam_jns.so on_error=allow         | NOTE /etc/pam.d/sshd:1: with on_error=allow a session that is refused goes on without isolation",
                "session requisite pam_namespace.so; JNS           | ERROR /etc/pam.d/sshd:1: sessions by sshd get a mount namespace from pam_namespace too, whose folders then cover those of jns",
                "session sufficient pam_x.so; JNS                  | WARNING /etc/pam.d/sshd:2: sessions by sshd may go on without isolation: /etc/pam.d/sshd:1, pam_x.so, can pass over",
                "session include gone; JNS                         | ERROR /etc/pam.d/sshd:1: PAM refuses every session by sshd: there is no file gone to include",
            })
    void saysWhatIsWrongWithALine(String text, String expected) {
        only(on(GOOD, "sshd", text.replace("; ", "\n").replace("JNS", JNS)), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session requisite pam_jns.so; session optional pam_systemd.so                       | ''",
                "session [success=ok default=die] pam_jns.so; session optional pam_systemd.so        | ''",
                "session required pam_jns.so; session optional pam_systemd.so                        | starts the user manager all the same",
                "session optional pam_systemd.so; session requisite pam_jns.so                       | starts the user manager all the same",
                "session substack jns; session optional pam_systemd.so                               | starts the user manager all the same",
                "session include jns; session optional pam_systemd.so                                | ''",
                "session required pam_mkhomedir.so; session requisite pam_jns.so                     | ''",
                "session requisite pam_jns.so; session required pam_mkhomedir.so                     | what pam_mkhomedir.so at /etc/pam.d/sshd:2 makes is not there yet",
                "session requisite pam_jns.so; session optional pam_mount.so                         | what pam_mount.so at /etc/pam.d/sshd:2 makes is not there yet",
            })
    void theOrderIsThatOfTheManPage(String text, String expected) {
        List<String> found = on(GOOD, "sshd", text.replace("; ", "\n"), "jns", "session requisite pam_jns.so\n");
        assertEquals(expected.isEmpty() ? 0 : 1, found.size(), found.toString());
        assertTrue(
                found.isEmpty()
                        || found.get(0).startsWith("NOTE /etc/pam.d/")
                                && found.get(0).contains(expected),
                found.toString());
    }

    @Test
    void aHelperThatCannotBeStartedIsAWarningUnlessNoneIsWanted() {
        only(
                on(facts("", "it is missing"), "sshd", JNS),
                "WARNING /etc/pam.d/sshd:1: no daemon can be started for a login: /usr/sbin/jnsd: it is missing");
        assertEquals(List.of(), on(facts("", "it is missing"), "sshd", "session required pam_jns.so once=off\n"));
    }

    @Test
    void aLineThatManyServicesIncludeIsToldOnce() {
        only(
                on(
                        GOOD,
                        "sshd",
                        "@include common\n",
                        "login",
                        "@include common\n",
                        "cron",
                        "@include common\n",
                        "common",
                        "session optional pam_jns.so\n"),
                "WARNING /etc/pam.d/common:1: with 'optional'");
    }

    @ParameterizedTest
    @CsvSource({
        "debug, true",
        "timeout=300, true",
        "timeout=301, false",
        "timeout=, false",
        "timeout=+1, false",
        "once=off, true",
        "once=/x, true",
        "once=x, false",
        "once=/x/, false",
        "on_error=deny, true",
        "on_error=no, false",
        "socket=/, false",
        "socket=/x, true",
        "Debug, false",
        "'', false"
    })
    void optionsAreThoseOfTheModule(String option, boolean taken) {
        assertEquals(taken, ModuleOptions.parse(List.of(option)).wrong().isEmpty());
        assertEquals(
                taken,
                ModuleOptions.parse(List.of("timeout=3", option, "debug"))
                        .wrong()
                        .isEmpty());
    }
}
