// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketsTest {
    private static final int EPIPE = 32;
    private static final int ECONNREFUSED = 111;

    private final Sockets sockets = new Sockets();
    private final Sockets.Pair pair = sockets.pair();
    private final List<Fd> opened = new ArrayList<>(List.of(pair.one(), pair.other()));

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        opened.forEach(Fd::close);
    }

    private Fd keep(Fd fd) {
        opened.add(fd);
        return fd;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Other threads open and close other files. */
    private static TreeSet<String> openSockets() throws IOException {
        TreeSet<String> sockets = new TreeSet<>();
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : fds.toList()) {
                if (Files.isSymbolicLink(fd)
                        && Files.readSymbolicLink(fd).toString().startsWith("socket:")) {
                    sockets.add(fd.getFileName().toString());
                }
            }
        }
        return sockets;
    }

    @Test
    void packetsKeepTheirBounds() {
        sockets.send(pair.one(), bytes("one"), Optional.empty());
        sockets.send(pair.one(), bytes("two"), Optional.empty());
        assertArrayEquals(bytes("one"), sockets.receive(pair.other(), 100, 0).orElseThrow());
        assertArrayEquals(bytes("two"), sockets.receive(pair.other(), 3, 0).orElseThrow());
        assertTrue(sockets.receive(pair.other(), 100, 0).isEmpty());
    }

    @Test
    void nothingInTimeIsEmpty() {
        long before = System.nanoTime();
        assertTrue(sockets.receive(pair.one(), 100, 50).isEmpty());
        assertTrue(System.nanoTime() - before >= 50_000_000, "did not wait");
    }

    @Test
    void endOfTheConnectionIsEmpty() {
        pair.other().close();
        assertTrue(sockets.receive(pair.one(), 100, 5000).isEmpty());
        assertEquals(
                EPIPE,
                assertThrows(SyscallException.class, () -> sockets.send(pair.one(), bytes("x"), Optional.empty()))
                        .errno());
    }

    @Test
    void tooLongPacketIsRefused() {
        sockets.send(pair.one(), new byte[101], Optional.empty());
        assertEquals(
                Errno.EMSGSIZE,
                assertThrows(SyscallException.class, () -> sockets.receive(pair.other(), 100, 0))
                        .errno());
        sockets.send(pair.one(), bytes("next"), Optional.empty());
        assertArrayEquals(
                bytes("next"),
                sockets.receive(pair.other(), 100, 0).orElseThrow(),
                "the rest of the long one came as a packet");
    }

    @Test
    void packetWithADescriptorIsRefusedAndTheDescriptorIsClosed() throws IOException {
        Sockets.Pair passed = sockets.pair();
        keep(passed.one());
        sockets.send(pair.one(), bytes("take this"), Optional.of(passed.other()));
        passed.other().close();
        TreeSet<String> before = openSockets();
        assertEquals(
                Errno.EMSGSIZE,
                assertThrows(SyscallException.class, () -> sockets.receive(pair.other(), 100, 0))
                        .errno());
        assertEquals(before, openSockets());
        assertNoCopyIsLeft(passed.one());
    }

    @Test
    void descriptorThatIsSentArrives() {
        Sockets.Pair passed = sockets.pair();
        keep(passed.one());
        sockets.send(pair.one(), bytes("hello"), Optional.of(passed.other()));
        passed.other().close();
        Sockets.Received received =
                sockets.receiveWithDescriptor(pair.other(), 100, 0).orElseThrow();
        assertArrayEquals(bytes("hello"), received.packet());
        sockets.send(keep(received.passed().orElseThrow()), bytes("through it"), Optional.empty());
        assertArrayEquals(
                bytes("through it"), sockets.receive(passed.one(), 100, 0).orElseThrow());
    }

    @Test
    void severalDescriptorsArriveInTheirOrder() {
        for (int count = 2; count <= 7; count++) {
            List<Fd> ends = new ArrayList<>();
            List<Fd> passed = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Sockets.Pair made = sockets.pair();
                ends.add(keep(made.one()));
                passed.add(keep(made.other()));
            }
            sockets.send(pair.one(), bytes("hello"), passed);
            Sockets.ReceivedAll received =
                    sockets.receiveAll(pair.other(), 100, 7, 0).orElseThrow();
            assertArrayEquals(bytes("hello"), received.packet());
            assertEquals(count, received.passed().size());
            for (int i = 0; i < count; i++) {
                sockets.send(keep(received.passed().get(i)), bytes("number " + i), Optional.empty());
                assertArrayEquals(
                        bytes("number " + i),
                        sockets.receive(ends.get(i), 100, 0).orElseThrow());
            }
        }
    }

    @Test
    void moreDescriptorsThanExpectedAreRefusedAndClosed() {
        Sockets.Pair passed = sockets.pair();
        keep(passed.one());
        sockets.send(pair.one(), bytes("take these"), Collections.nCopies(9, passed.other()));
        passed.other().close();
        assertEquals(
                Errno.EMSGSIZE,
                assertThrows(SyscallException.class, () -> sockets.receiveAll(pair.other(), 100, 7, 0))
                        .errno());
        assertNoCopyIsLeft(passed.one());
    }

    @Test
    void descriptorNeedNotCome() {
        sockets.send(pair.one(), bytes("hello"), Optional.empty());
        Sockets.Received received =
                sockets.receiveWithDescriptor(pair.other(), 100, 0).orElseThrow();
        assertArrayEquals(bytes("hello"), received.packet());
        assertTrue(received.passed().isEmpty());
        assertTrue(sockets.receiveWithDescriptor(pair.other(), 100, 0).isEmpty());
    }

    /** The module never sends this. */
    private void sendTwice(String text, Fd passed) {
        SyscallCaller caller = new SyscallCaller();
        Scratch.Slot header = caller.scratch.begin().room(56);
        Scratch.Slot vector = caller.scratch.room(16);
        Scratch.Slot data = caller.scratch.room(100);
        Scratch.Slot control = caller.scratch.room(24);
        data.putBytes(0, bytes(text));
        vector.putLong(0, data.address());
        vector.putLong(8, text.length());
        header.putLong(16, vector.address());
        header.putLong(24, 1);
        header.putLong(32, control.address());
        header.putLong(40, 24);
        control.putLong(0, 24);
        control.putInt(8, 1);
        control.putInt(12, 1);
        control.putInt(16, passed.number());
        control.putInt(20, passed.number());
        caller.call(Arch.Call.SENDMSG, "", pair.one().number(), header.address(), 0, 0);
    }

    @Test
    void twoDescriptorsAreRefusedAndClosed() {
        Sockets.Pair passed = sockets.pair();
        keep(passed.one());
        sendTwice("take these", passed.other());
        passed.other().close();
        assertEquals(
                Errno.EMSGSIZE,
                assertThrows(SyscallException.class, () -> sockets.receiveWithDescriptor(pair.other(), 100, 0))
                        .errno());
        assertNoCopyIsLeft(passed.one());
    }

    @Test
    void descriptorOfATooLongPacketIsClosed() {
        Sockets.Pair passed = sockets.pair();
        keep(passed.one());
        sockets.send(pair.one(), new byte[101], Optional.of(passed.other()));
        passed.other().close();
        assertEquals(
                Errno.EMSGSIZE,
                assertThrows(SyscallException.class, () -> sockets.receiveWithDescriptor(pair.other(), 100, 0))
                        .errno());
        assertNoCopyIsLeft(passed.one());
    }

    @Test
    void descriptorOfAnEmptyPacketIsClosed() {
        Sockets.Pair passed = sockets.pair();
        keep(passed.one());
        sockets.send(pair.one(), new byte[0], Optional.of(passed.other()));
        passed.other().close();
        assertTrue(sockets.receiveWithDescriptor(pair.other(), 100, 0).isEmpty());
        assertNoCopyIsLeft(passed.one());
    }

    /** Of the other end. */
    private void assertNoCopyIsLeft(Fd end) {
        assertTrue(sockets.receive(end, 1, 5000).isEmpty());
        assertEquals(
                EPIPE,
                assertThrows(SyscallException.class, () -> sockets.send(end, bytes("x"), Optional.empty()))
                        .errno());
    }

    @Test
    void pipeThatIsReadIsToldFromAllElse() throws IOException {
        Sockets.Pair pipe = sockets.pipe();
        keep(pipe.one());
        keep(pipe.other());
        assertTrue(sockets.readsAPipe(pipe.one()));
        assertFalse(sockets.readsAPipe(pipe.other()), "the end that is written to");
        assertFalse(sockets.readsAPipe(pair.one()), "a socket");
        Fd proc = keep(LinuxSyscalls.openProc());
        assertFalse(sockets.readsAPipe(proc), "a folder");
    }

    @Test
    void peerIsTheOneWhoConnected() throws IOException {
        Fd listening = keep(sockets.listen(temp.resolve("s").toString()));
        keep(sockets.connect(temp.resolve("s").toString()));
        Sockets.Peer peer = sockets.peer(keep(sockets.accept(listening).orElseThrow()));
        assertEquals(ProcessHandle.current().pid(), peer.pid());
        assertEquals(((Integer) Files.getAttribute(temp, "unix:uid")).longValue(), peer.uid());
        assertTrue(sockets.accept(listening).isEmpty(), "there was only one");
    }

    @Test
    void listeningSocketIsItsOwnersAlone() throws IOException {
        keep(sockets.listen(temp.resolve("s").toString()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("s"))));
        assertEquals(
                Errno.EADDRINUSE,
                assertThrows(
                                SyscallException.class,
                                () -> sockets.listen(temp.resolve("s").toString()))
                        .errno());
    }

    @Test
    void nobodyThereIsSaid() throws IOException {
        sockets.listen(temp.resolve("s").toString()).close();
        assertEquals(
                ECONNREFUSED,
                assertThrows(
                                SyscallException.class,
                                () -> sockets.connect(temp.resolve("s").toString()))
                        .errno());
        assertEquals(
                Errno.ENOENT,
                assertThrows(
                                SyscallException.class,
                                () -> sockets.connect(temp.resolve("none").toString()))
                        .errno());
    }

    @Test
    void tooLongPathOpensNothing() throws IOException {
        String path = temp + "/" + "x".repeat(108);
        assertLeavesNothingOpen(() -> {
            assertThrows(IllegalArgumentException.class, () -> sockets.listen(path));
            assertThrows(IllegalArgumentException.class, () -> sockets.connect(path));
        });
    }

    @Test
    void failedConnectionLeavesNothingOpen() throws IOException {
        assertLeavesNothingOpen(() -> {
            assertThrows(SyscallException.class, () -> sockets.connect("/no/such/socket"));
            assertThrows(SyscallException.class, () -> sockets.listen("/no/such/socket"));
        });
    }

    /** Many times: the JVM may open a file meanwhile, but not one each time. */
    private void assertLeavesNothingOpen(Runnable attempt) throws IOException {
        int times = 100;
        int before = openSockets().size();
        for (int i = 0; i < times; i++) {
            attempt.run();
        }
        int more = openSockets().size() - before;
        assertTrue(more < times, more + " descriptors were left open by " + times + " attempts");
    }

    @Test
    void fullSocketDoesNotBlock() {
        SyscallException full = assertThrows(SyscallException.class, () -> {
            for (int i = 0; i < 100_000; i++) {
                sockets.send(pair.one(), new byte[4096], Optional.empty());
            }
        });
        assertEquals(Errno.EAGAIN, full.errno());
    }

    @Test
    void acceptDoesNotBlockOnceTold() {
        Fd listening = keep(sockets.listen(temp.resolve("s").toString()));
        sockets.makeNonBlocking(listening);
        assertTrue(sockets.accept(listening).isEmpty());
    }
}
