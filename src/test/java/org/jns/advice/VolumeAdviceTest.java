// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.Directive;
import org.jns.model.Directive.Volume.Kind;
import org.jns.model.MountFlags;
import org.jns.model.PathTemplate;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.view.Bench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeAdviceTest {
    private final RecordingSyscalls sys = new RecordingSyscalls();

    VolumeAdviceTest() {
        sys.directory("/usr", 0755, 0, 0).directory("/usr/bin", 0755, 0, 0).directory("/dev", 0755, 0, 0);
        sys.characterDevice("/dev/fuse", 0666, 0, 10, 229);
        sys.file("/usr/bin/encfs", 0755, 0, "")
                .file("/usr/bin/mine", 0755, 0, "")
                .file("/usr/bin/open", 0757, 0, "");
        sys.file("/usr/bin/fusermount3", 04755, 0, "");
    }

    @AfterEach
    void nothingStaysOpen() {
        sys.assertClean();
    }

    private List<String> advice(String... programs) throws PathTemplate.SyntaxError {
        List<Rule> rules = new ArrayList<>();
        for (String program : programs) {
            Kind kind = program.startsWith("/") ? Kind.FUSE : Kind.valueOf(program);
            Directive directive = new Directive.Volume(
                    kind,
                    PathTemplate.parse("${home}/Vault"),
                    Optional.of(PathTemplate.parse("${home}/.vault")),
                    MountFlags.NONE,
                    0,
                    kind == Kind.FUSE ? Optional.of(PathTemplate.parse(program)) : Optional.empty(),
                    List.of(),
                    true,
                    false,
                    false,
                    8000);
            rules.add(new Rule(Bench.ORIGIN.rule(), Bench.ORIGIN.at(), List.of(), List.of(), directive));
        }
        String rule = "rule [" + Bench.ORIGIN.rule() + "] cannot mount ";
        return VolumeAdvice.on(new RuleSet(rules), sys).stream()
                .map(Problem::message)
                .map(m -> m.replace(rule, ""))
                .toList();
    }

    @Test
    void whatIsThereIsNoWarning() throws PathTemplate.SyntaxError {
        assertEquals(List.of(), advice("ENCFS", "/usr/bin/mine", "/opt/${user}"));
    }

    @Test
    void aProgramThatCannotBeRunIsOne() throws PathTemplate.SyntaxError {
        assertEquals(
                List.of("with /usr/bin/gocryptfs: there is nothing of that name on this machine"),
                advice("ENCFS", "GOCRYPTFS"));
        assertEquals(
                List.of("with /usr/bin/open: others than root can change it, or a folder on the way to it"),
                advice("/usr/bin/open"));
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/fuse, 0600, 0, not everybody may use /dev/fuse; run chmod 666 on it",
        "/usr/bin/fusermount3, 0755, 0, /usr/bin/fusermount3 is not set-user-ID root; run chmod u+s on it",
        "/usr/bin/fusermount3, 04755, 1000, /usr/bin/fusermount3 is not set-user-ID root; run chmod u+s on it"
    })
    void whatTheMachineLacksIsOneForEachRule(String path, String mode, long uid, String why)
            throws PathTemplate.SyntaxError {
        sys.chown(path, uid, Integer.parseInt(mode, 8));
        assertEquals(List.of("a volume: " + why, "a volume: " + why), advice("ENCFS", "/usr/bin/mine"));
    }

    @Test
    void withoutDeviceOrHelperThereIsNoVolume() throws PathTemplate.SyntaxError {
        RecordingSyscalls bare = new RecordingSyscalls();
        bare.directory("/usr", 0755, 0, 0).directory("/usr/bin", 0755, 0, 0).file("/usr/bin/encfs", 0755, 0, "");
        Rule rule = new Rule(Bench.ORIGIN.rule(), Bench.ORIGIN.at(), List.of(), List.of(), directive());
        assertEquals(
                "there is no /dev/fuse; load the kernel module fuse",
                last(VolumeAdvice.on(new RuleSet(List.of(rule)), bare)));
        bare.directory("/dev", 0755, 0, 0).characterDevice("/dev/fuse", 0666, 0, 10, 229);
        assertEquals(
                "there is no /usr/bin/fusermount3; install fuse3",
                last(VolumeAdvice.on(new RuleSet(List.of(rule)), bare)));
    }

    private static Directive directive() throws PathTemplate.SyntaxError {
        return new Directive.Volume(
                Kind.ENCFS,
                PathTemplate.parse("/x"),
                Optional.of(PathTemplate.parse("/y")),
                MountFlags.NONE,
                0,
                Optional.empty(),
                List.of(),
                true,
                false,
                false,
                8000);
    }

    private static String last(List<Problem> problems) {
        assertEquals(1, problems.size());
        return problems.get(0).message().replaceFirst(".*cannot mount a volume: ", "");
    }
}
