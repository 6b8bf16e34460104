// SPDX-License-Identifier: Apache-2.0
package org.jns.frontend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.recipe.Invocation;
import org.jns.recipe.Op;
import org.jns.recipe.Recipe;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.junit.jupiter.api.Test;

class RecipeChannelTest {
    private final Syscalls sys = new LinuxSyscalls(LinuxSyscalls.openProc());
    private final Sockets sockets = new Sockets();
    private final RecipeChannel line = new RecipeChannel(sys, sockets);

    private Invocation read(byte[] bytes) throws Invocation.Unreadable {
        try (Fd file = sockets.memory("test", bytes)) {
            return line.read(file);
        }
    }

    @Test
    void aCommandLineIsReadFromItsFile() throws Invocation.Unreadable {
        String argument = "x".repeat(100_000);
        assertEquals(
                List.of(argument),
                read(("jnsenter\0001\0" + argument + "\0").getBytes(StandardCharsets.US_ASCII))
                        .arguments());
    }

    @Test
    void anythingButAFileIsRefused() {
        Sockets.Pair pipe = sockets.pipe();
        assertThrows(Invocation.Unreadable.class, () -> line.read(pipe.one()));
        pipe.one().close();
        pipe.other().close();
    }

    @Test
    void aRefusalIsText() throws Exception {
        Sockets.Pair pair = sockets.pair();
        line.answer(pair.one(), new Response.Refuse("no such view"));
        assertEquals(
                new Reply.Refused("no such view"),
                Codec.decodeReply(
                        sockets.receive(pair.other(), Codec.MAX_PACKET, 1000).orElseThrow()));
    }

    /** The kernel counts the rest: with room for one more, the reader sees that there were more. */
    @Test
    void aRecipeGoesWithWhatItRefersToWhichIsClosedHere() throws Exception {
        Sockets.Pair pair = sockets.pair();
        line.answer(pair.one(), Response.of(new Recipe(List.of(Op.of("exec", "true")))));
        Sockets.Received received = sockets.receiveWithDescriptor(pair.other(), Codec.MAX_PACKET, 1000)
                .orElseThrow();
        assertEquals(new Reply.Recipe(), Codec.decodeReply(received.packet()));
        assertArrayEquals(
                "exec\0true\0".getBytes(StandardCharsets.US_ASCII),
                sys.read(received.passed().orElseThrow(), 100));
        Fd passed = sockets.memory("passed", new byte[] {1});
        line.answer(pair.one(), new Response.Do(new Recipe(List.of(Op.of("exec", "true"))), List.of(passed)));
        assertThrows(IllegalStateException.class, passed::number);
        assertThrows(SyscallException.class, () -> sockets.receiveWithDescriptor(pair.other(), Codec.MAX_PACKET, 1000));
    }

    @Test
    void moreThanTheOtherSideHasRoomForAreRefused() {
        List<Fd> many = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            many.add(new Fd(i, number -> {}));
        }
        assertThrows(IllegalArgumentException.class, () -> new Response.Do(new Recipe(List.of()), many));
    }
}
