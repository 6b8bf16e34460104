// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PamStackTest {

    private static final String JNS = "session required pam_jns.so\n";

    /** Alternating names and texts. */
    static PamFiles files(String... namesAndTexts) {
        Map<String, PamFile> files = new HashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            String name = namesAndTexts[i];
            files.put(name, PamFile.parse(name.startsWith("/") ? name : "/etc/pam.d/" + name, namesAndTexts[i + 1]));
        }
        return new PamFiles(files);
    }

    private static String modules(PamStack stack) {
        return stack.elements().stream()
                .map(e -> e.level() + ":" + e.call().map(PamLine.Call::module).orElse("{}"))
                .collect(Collectors.joining(" "));
    }

    private static List<String> trouble(PamStack stack) {
        return stack.trouble().stream()
                .map(wrong -> wrong.at() + " " + wrong.why())
                .toList();
    }

    @Test
    void takesWhatIsIncludedOfItsTypeInPlace() {
        PamStack stack = PamStack.of(
                files(
                        "sshd",
                                "auth required a.so\nsession required b.so\n@include common\nsession include more\nsession substack one\nsession required z.so\n",
                        "common", "auth required c.so\nsession required d.so\n",
                        "more", "account required e.so\nsession required f.so\n",
                        "one", "session required g.so\n"),
                "sshd");
        assertEquals("0:b.so 0:d.so 0:f.so 0:{} 1:g.so 0:z.so", modules(stack));
        assertEquals(List.of(), trouble(stack));
    }

    @Test
    void takesOtherForAServiceWithoutAFileOrWithoutASessionLine() {
        PamFiles files = files("other", JNS, "cups", "auth required a.so\n", "cron", "session required b.so\n");
        assertEquals("0:pam_jns.so", modules(PamStack.of(files, "nothing")));
        assertEquals("/etc/pam.d/other", PamStack.of(files, "cups").file());
        assertEquals("0:b.so", modules(PamStack.of(files, "cron")));
        assertEquals("", PamStack.of(files(), "sshd").file());
    }

    @Test
    void saysWhatIsNotThereAndWhatIncludesItself() {
        assertEquals(
                List.of("/etc/pam.d/sshd:1 there is no file gone to include"),
                trouble(PamStack.of(files("sshd", "session include gone\n"), "sshd")));
        assertEquals(
                List.of("/etc/pam.d/sshd:1 sshd includes itself"),
                trouble(PamStack.of(files("sshd", "@include sshd\n"), "sshd")));
        assertEquals(
                List.of("/etc/pam.d/b:1 a includes itself"),
                trouble(PamStack.of(
                        files("sshd", "session include a\n", "a", "session include b\n", "b", "session substack a\n"),
                        "sshd")));
    }

    @Test
    void anIncludeOfNoSessionLineIsNone() {
        assertEquals(List.of(), trouble(PamStack.of(files("sshd", "auth include gone\n" + JNS), "sshd")));
    }

    @Test
    void twiceTheSameIncludeIsNoCircle() {
        PamStack stack = PamStack.of(files("su", "session include a\nsession include a\n", "a", JNS), "su");
        assertEquals(List.of(), trouble(stack));
        assertEquals(2, stack.callsOf("pam_jns.so").size());
    }

    @Test
    void filesThatIncludeEachOtherManyTimesComeToAnEnd() {
        String[] texts = new String[32];
        for (int i = 0; i < 16; i++) {
            texts[2 * i] = "f" + i;
            texts[2 * i + 1] = "session required x.so\n" + ("session include f" + (i + 1) + "\n").repeat(8);
        }
        PamStack stack = PamStack.of(files(texts), "f0");
        assertTrue(
                stack.elements().size() <= 1000, String.valueOf(stack.elements().size()));
    }

    @Test
    void aModuleIsKnownByTheNameOfItsFile() {
        PamStack stack = PamStack.of(
                files("su", "session required /lib/security/$ISA/pam_jns.so\nsession required not_pam_jns.so\n"), "su");
        assertEquals(1, stack.callsOf("pam_jns.so").size());
    }

    /** Which line can keep the one with pam_jns.so from being called; 0 for none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session required a.so; JNS                                                                 | 0",
                "session requisite a.so; session optional b.so; JNS                                         | 0",
                "session sufficient a.so; JNS                                                               | 1",
                "session [default=done] a.so; JNS                                                           | 1",
                "session [success=1 default=ignore] a.so; JNS                                               | 1",
                "session [success=1 default=ignore] a.so; session required b.so; JNS                        | 0",
                "session [success=2 default=ignore] a.so; session required b.so; JNS                        | 1",
                "session [success=9999 default=ignore] a.so; session required b.so; JNS                     | 1",
                "session [default=1] a.so; session requisite deny.so; session required b.so; JNS            | 0",
                "session [success=1] a.so; session substack two; JNS                                        | 0",
                "session [success=2] a.so; session substack two; JNS                                        | 1",
                "session substack ends; JNS                                                                 | 0",
                "session include ends; JNS                                                                  | 1",
                "session substack jumps; JNS                                                                | 0",
                "session sufficient a.so; session substack inner                                            | 1",
                "session substack inner                                                                     | 0",
                "session substack late                                                                      | 1",
            })
    void knowsWhatCanBePassedOver(String text, int line) {
        PamFiles files = files(
                "su",
                text.replace("; ", "\n").replace("JNS", JNS),
                "two",
                "session required c.so\nsession required d.so\n",
                "ends",
                "session sufficient c.so\n",
                "jumps",
                "session [success=5 default=ignore] c.so\nsession required d.so\n",
                "inner",
                JNS,
                "late",
                "session sufficient c.so\n" + JNS);
        PamStack stack = PamStack.of(files, "su");
        Optional<PamLine.Call> before =
                stack.passingOver(stack.callsOf("pam_jns.so").get(0));
        assertEquals(line, before.map(call -> call.at().line()).orElse(0), modules(stack));
    }

    @ParameterizedTest
    @CsvSource({
        "required, true",
        "REQUISITE, true",
        "optional, false",
        "sufficient, false",
        "[success=ok default=bad], true",
        "[success=ok], true",
        "[success=ok default=ignore], false",
        "[success=ok system_err=die default=ignore], true",
        "[default=die system_err=ok], false",
        "[success=ok default=1], false"
    })
    void knowsWhetherARefusalCounts(String control, boolean refuses) {
        PamLine line = PamFile.parse("/f", "session " + control + " pam_jns.so")
                .lines()
                .get(0);
        assertEquals(refuses, ((PamLine.Call) line).control().refuses());
    }
}
