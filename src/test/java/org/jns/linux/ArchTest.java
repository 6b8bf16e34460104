// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the numbers of the system calls with the C headers of the system. */
class ArchTest {
    private static final List<Path> GENERIC = List.of(Path.of("/usr/include/asm-generic/unistd.h"));
    private static final List<Path> X86 =
            List.of(Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path.of("/usr/include/asm/unistd_64.h"));
    /** In the generic table these have one name for both word sizes. */
    private static final Map<String, String> GENERIC_NAMES =
            Map.of("fcntl", "3264_fcntl", "fstatfs", "3264_fstatfs", "sendfile", "3264_sendfile");

    private static Map<String, Long> numbers(List<Path> headers) throws IOException {
        Path header = headers.stream().filter(Files::exists).findFirst().orElse(null);
        assumeTrue(header != null, "there is none of " + headers + "; install linux-libc-dev");
        Map<String, Long> numbers = new HashMap<>();
        Matcher line = Pattern.compile("(?m)^#define __NR(?:_|(?=3264_))(\\w+)\\s+(\\d+)$")
                .matcher(Files.readString(header));
        while (line.find()) {
            numbers.put(line.group(1), Long.parseLong(line.group(2)));
        }
        assertTrue(numbers.size() > 250, header + " has only " + numbers.size() + " calls");
        return numbers;
    }

    @ParameterizedTest
    @EnumSource
    void numberOnX86(Arch.Call call) throws IOException {
        assertEquals(numbers(X86).get(name(call)), Arch.X86_64.number(call));
    }

    @ParameterizedTest
    @EnumSource
    void numberOnAarch64(Arch.Call call) throws IOException {
        assertEquals(
                numbers(GENERIC).get(GENERIC_NAMES.getOrDefault(name(call), name(call))), Arch.AARCH64.number(call));
    }

    private static String name(Arch.Call call) {
        return call.name().toLowerCase(java.util.Locale.ROOT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "x86_64", "aarch64", "arm64"})
    void namesOfTheJvm(String name) {
        assertEquals(
                name.contains("64") && name.startsWith("a") && !name.equals("amd64") ? Arch.AARCH64 : Arch.X86_64,
                Arch.named(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"i386", "arm", "riscv64", "ppc64le", "s390x", ""})
    void otherArchitecturesAreNotGuessed(String name) {
        assertEquals(
                "jns does not know the system calls of " + name,
                assertThrows(UnsupportedOperationException.class, () -> Arch.named(name))
                        .getMessage());
    }
}
