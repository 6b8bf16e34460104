// SPDX-License-Identifier: Apache-2.0
package org.jns.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvocationTest {

    private static byte[] bytes(String text) {
        return text.replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void theProgramItsArgumentsAndVariables() throws Invocation.Unreadable {
        Invocation read = Invocation.read(bytes("jnsenter|3|alice||-S|SHELL=/bin/sh|TERM=a=b|"));
        assertEquals(
                new Invocation("jnsenter", List.of("alice", "", "-S"), List.of("SHELL=/bin/sh", "TERM=a=b")), read);
        assertEquals(Optional.of("a=b"), read.variable("TERM"));
        assertEquals(Optional.empty(), read.variable("TER"));
    }

    @Test
    void whatIsNoUtf8StaysAsItIs() throws Invocation.Unreadable {
        byte[] line = {'x', 0, '1', 0, (byte) 0xff, (byte) 0xc3, (byte) 0xa4, 0};
        String argument = Invocation.read(line).arguments().get(0);
        assertEquals(3, argument.length());
        byte[] back = new Recipe(List.of(Op.of("exec", argument))).encode();
        assertEquals("exec\0\u00ff\u00c3\u00a4\0", new String(back, StandardCharsets.ISO_8859_1));
        assertEquals("\u00e4", Raw.read(argument.substring(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "|",
                "x|",
                "x|1|",
                "x|0",
                "x|-1|",
                "x|a||",
                "x|99999999|",
                "x|999999999999|",
                "x|0|name|",
                "x|0|=value|"
            })
    void whatIsNoCommandLineIsRefused(String text) {
        assertThrows(Invocation.Unreadable.class, () -> Invocation.read(bytes(text)));
    }

    @Test
    void aRecipeIsItsWordsEachWithANul() {
        Recipe recipe =
                new Recipe(List.of(Op.ofList("groups", List.of("4", "24")), Op.of("keep-caps"), Op.of("exec", "")));
        assertEquals(
                "groups|2|4|24|keep-caps|exec||",
                new String(recipe.encode(), StandardCharsets.ISO_8859_1).replace('\0', '|'));
    }

    @Test
    void anArgumentHasNoNul() {
        assertThrows(IllegalArgumentException.class, () -> Op.of("exec", "a\0b"));
    }
}
