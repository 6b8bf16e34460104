// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentTemplateTest {
    private static final Subject ALICE =
            new Subject("alice", 1000, 1001, "users", Set.of(), "/home/alice", "", "sshd", "");

    @ParameterizedTest
    @CsvSource({
        "-x, -x", "--home=${home}, --home=/home/alice", "${home}x, /home/alicex", "${user} of ${group}, alice of users",
                "${uid}:${gid}, 1000:1001",
        "$(id), error", "${service}, sshd", "../../etc, ../../etc", "*, *", "'', ''"
    })
    void variablesStandAnywhere(String text, String expected) throws PathTemplate.SyntaxError {
        if (expected.equals("error")) {
            assertThrows(PathTemplate.SyntaxError.class, () -> ArgumentTemplate.parse(text));
        } else {
            assertEquals(expected, ArgumentTemplate.parse(text).expand(ALICE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "a$b", "${", "${x", "${USER}", "${user", "${env:HOME}", "$${user}", "${}"})
    void nothingElseIsAVariable(String text) {
        assertThrows(PathTemplate.SyntaxError.class, () -> ArgumentTemplate.parse(text));
    }

    @Test
    void unusableHomeIsTold() throws PathTemplate.SyntaxError {
        Subject nowhere = new Subject("alice", 1000, 1001, "users", Set.of(), "../x", "", "sshd", "");
        ArgumentTemplate template = ArgumentTemplate.parse("in ${home}");
        assertEquals(
                "home folder of alice is unusable: '../x' is not an absolute path",
                assertThrows(IllegalArgumentException.class, () -> template.expand(nowhere))
                        .getMessage());
    }
}
