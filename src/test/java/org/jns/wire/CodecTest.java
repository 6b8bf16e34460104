// SPDX-License-Identifier: Apache-2.0
package org.jns.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

    private static final String SESSION = "0123456789abcdef";
    /** As long as a text may be, with a character across its last two bytes. */
    private static final String LONG = "x".repeat(1022) + "ä";

    static List<Request> requests() {
        return List.of(
                new Request.Open("alice", "sshd", ""),
                new Request.Open("", "", ""),
                new Request.Open("jörg 漢🐧", "su-l", "/dev/pts/3"),
                new Request.Open(LONG, LONG, LONG),
                new Request.Reload(),
                new Request.Try(1),
                new Request.Try(120),
                new Request.Confirm(),
                new Request.Gc(),
                new Request.Metrics(),
                new Request.Enter(),
                new Request.Join("view", ""),
                new Request.Join("rule", LONG));
    }

    static List<Reply> replies() {
        return List.of(
                new Reply.Granted(SESSION, ""),
                new Reply.Granted("ffffffffffffffff", LONG),
                new Reply.Granted(SESSION, "ä; 漢🐧"),
                new Reply.NotIsolated("no rule is for alice"),
                new Reply.Host("no rule is for bob"),
                new Reply.Host(LONG),
                new Reply.Refused("cannot bind /a on /b: why"),
                new Reply.Refused(LONG),
                new Reply.Done("3 rules"),
                new Reply.Done(""),
                new Reply.Joined(""),
                new Reply.Joined(LONG),
                new Reply.Recipe());
    }

    /** All messages as bytes. */
    static Stream<byte[]> packets() {
        return Stream.concat(
                requests().stream().map(Codec::encode), replies().stream().map(Codec::encode));
    }

    private static void decode(byte[] packet) throws WireException {
        if ((packet.length > 1 ? packet[1] : 0) < 0) {
            Codec.decodeReply(packet);
        } else {
            Codec.decodeRequest(packet);
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestArrivesAsItWas(Request request) throws WireException {
        assertEquals(request, Codec.decodeRequest(Codec.encode(request)));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyArrivesAsItWas(Reply reply) throws WireException {
        assertEquals(reply, Codec.decodeReply(Codec.encode(reply)));
    }

    @Test
    void theBytesAreThoseOfTheDescription() {
        assertArrayEquals(
                HexFormat.of().parseHex("0101" + "0003626f62" + "00027375" + "0000"),
                Codec.encode(new Request.Open("bob", "su", "")));
        assertArrayEquals(HexFormat.of().parseHex("0102"), Codec.encode(new Request.Reload()));
        assertArrayEquals(HexFormat.of().parseHex("0103" + "00023330"), Codec.encode(new Request.Try(30)));
        assertArrayEquals(HexFormat.of().parseHex("0104"), Codec.encode(new Request.Confirm()));
        assertArrayEquals(HexFormat.of().parseHex("0105"), Codec.encode(new Request.Gc()));
        assertArrayEquals(HexFormat.of().parseHex("0106"), Codec.encode(new Request.Metrics()));
        assertArrayEquals(HexFormat.of().parseHex("0107"), Codec.encode(new Request.Enter()));
        assertArrayEquals(HexFormat.of().parseHex("0186"), Codec.encode(new Reply.Recipe()));
        assertArrayEquals(
                HexFormat.of().parseHex("0108" + "000472756c65" + "000161"),
                Codec.encode(new Request.Join("rule", "a")));
        assertArrayEquals(HexFormat.of().parseHex("0187" + "0000"), Codec.encode(new Reply.Joined("")));
        assertArrayEquals(HexFormat.of().parseHex("0184" + "0002c3a4"), Codec.encode(new Reply.Done("ä")));
        assertArrayEquals(HexFormat.of().parseHex("0185" + "00026e6f"), Codec.encode(new Reply.Host("no")));
        List<Integer> types = replies().stream()
                .map(reply -> Codec.encode(reply)[1] & 0xff)
                .distinct()
                .toList();
        assertEquals(List.of(0x81, 0x82, 0x85, 0x83, 0x84, 0x87, 0x86), types);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void everyTruncatedPrefixIsRefused(byte[] packet) {
        for (int length = 0; length < packet.length; length++) {
            byte[] prefix = Arrays.copyOf(packet, length);
            assertThrows(WireException.class, () -> decode(prefix));
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void anyByteMoreIsRefused(byte[] packet) {
        for (byte extra : new byte[] {0, 1, 'a', -1}) {
            byte[] longer = Arrays.copyOf(packet, packet.length + 1);
            longer[packet.length] = extra;
            assertThrows(WireException.class, () -> decode(longer));
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void anyOtherVersionIsRefused(byte[] packet) {
        for (int version = 0; version < 256; version++) {
            byte[] other = packet.clone();
            other[0] = (byte) version;
            if (version != 1) {
                assertEquals(
                        "version " + version + ", expected 1",
                        assertThrows(WireException.class, () -> decode(other)).getMessage());
            }
        }
    }

    @Test
    void unknownTypesAreRefusedAndNoRequestIsTakenForAReply() {
        Set<Integer> known = new TreeSet<>();
        for (int type = 0; type < 256; type++) {
            byte[] packet = {1, (byte) type};
            if (!Set.of(0x02, 0x04, 0x05, 0x06, 0x07, 0x09).contains(type)) {
                assertThrows(WireException.class, () -> Codec.decodeRequest(packet));
            }
            if (type == 0x86) {
                continue;
            }
            String why = assertThrows(WireException.class, () -> Codec.decodeReply(packet))
                    .getMessage();
            if (!why.equals("unknown reply")) {
                known.add(type);
            }
        }
        assertEquals(Set.of(0x81, 0x82, 0x83, 0x84, 0x85, 0x87), known);
        packets().forEach(packet -> {
            boolean reply = packet[1] < 0;
            assertThrows(WireException.class, () -> {
                if (reply) {
                    Codec.decodeRequest(packet);
                } else {
                    Codec.decodeReply(packet);
                }
            });
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "121", "999", "1000", "05", "-1", "+5", "5 ", "1e1", "\u0665"})
    void minutesAreANumberInBounds(String minutes) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        byte[] text = minutes.getBytes(StandardCharsets.UTF_8);
        packet.writeBytes(new byte[] {1, 3, 0, (byte) text.length});
        packet.writeBytes(text);
        String why = assertThrows(WireException.class, () -> Codec.decodeRequest(packet.toByteArray()))
                .getMessage();
        assertEquals("minutes are not a number from 1 to 120", why);
        assertThrows(IllegalArgumentException.class, () -> new Request.Try(0));
        assertThrows(IllegalArgumentException.class, () -> new Request.Try(121));
    }

    @Test
    void lengthsBeyondThePacketAreRefused() {
        for (int length : new int[] {4, 255, 256, 4096, 0x7fff, 0x8000, 0xffff}) {
            byte[] packet = {1, (byte) 0x82, (byte) (length >> 8), (byte) length, 'a', 'b', 'c'};
            assertThrows(WireException.class, () -> Codec.decodeReply(packet), "length " + length);
        }
    }

    @Test
    void aPacketIsNoLongerThanItMayBe() throws WireException {
        assertEquals(
                4092,
                ((Reply.Done) Codec.decodeReply(done("d".repeat(4092).getBytes(StandardCharsets.UTF_8))))
                        .text()
                        .length());
        byte[] more = done("d".repeat(4093).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "packet of 4097 bytes",
                assertThrows(WireException.class, () -> Codec.decodeReply(more)).getMessage());
        assertThrows(WireException.class, () -> Codec.decodeReply(new byte[1 << 20]));
    }

    private static byte[] done(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {1, (byte) 0x84, (byte) (text.length >> 8), (byte) text.length});
        out.writeBytes(text);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "ff", "c3", "c328", "c0af", "e08080", "eda080", "f4908080", "f8888080", "61c3"})
    void whatIsNoUtf8IsRefused(String hex) {
        byte[] packet = done(HexFormat.of().parseHex(hex));
        assertEquals(
                "field is not UTF-8",
                assertThrows(WireException.class, () -> Codec.decodeReply(packet))
                        .getMessage());
    }

    @Test
    void controlCharactersAreRefused() throws WireException {
        for (int c = 0; c < 256; c++) {
            byte[] packet = done(new String(new char[] {'a', (char) c}).getBytes(StandardCharsets.UTF_8));
            if (c < 0x20 || c == 0x7f) {
                assertEquals(
                        "field has a control character",
                        assertThrows(WireException.class, () -> Codec.decodeReply(packet))
                                .getMessage());
            } else {
                assertEquals("a" + (char) c, ((Reply.Done) Codec.decodeReply(packet)).text());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeg", "../../etc/passwd"})
    void aSessionIsSixteenDigits(String session) {
        assertThrows(IllegalArgumentException.class, () -> new Reply.Granted(session, ""));
        byte[] text = session.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(new byte[] {1, (byte) 0x81, 0, (byte) text.length});
        packet.writeBytes(text);
        packet.writeBytes(new byte[] {0, 0});
        assertThrows(WireException.class, () -> Codec.decodeReply(packet.toByteArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"al\nice", "alice\u0000", "\u007f", "\ud800", "alice\udc27"})
    void aNameThatCannotBeSentAsItIsIsNotSent(String name) {
        assertThrows(IllegalArgumentException.class, () -> Codec.encode(new Request.Open(name, "sshd", "")));
        assertThrows(IllegalArgumentException.class, () -> Codec.encode(new Request.Open("alice", name, "")));
        assertThrows(IllegalArgumentException.class, () -> Codec.encode(new Request.Open("alice", "sshd", name)));
    }

    @Test
    void aNameThatIsTooLongIsNotSent() {
        assertThrows(
                IllegalArgumentException.class, () -> Codec.encode(new Request.Open("a".repeat(1025), "sshd", "")));
        assertThrows(IllegalArgumentException.class, () -> Codec.encode(new Request.Open("ä".repeat(513), "sshd", "")));
    }

    @Test
    void reasonsAreCutBetweenCharacters() throws WireException {
        String[][] table = {
            {"x".repeat(1025), "x".repeat(1024)},
            {"x".repeat(1023) + "ä", "x".repeat(1023)},
            {"x".repeat(1022) + "漢y", "x".repeat(1022)},
            {"x".repeat(1021) + "🐧", "x".repeat(1021)},
            {"x".repeat(1020) + "🐧", "x".repeat(1020) + "🐧"},
            {"a\tb\n\u001b\u007f", "a b   "}
        };
        for (String[] row : table) {
            assertEquals(new Reply.Refused(row[1]), Codec.decodeReply(Codec.encode(new Reply.Refused(row[0]))));
        }
    }

    @Test
    void aReasonIsNeverEmpty() throws WireException {
        assertEquals(new Reply.Refused("no reason was given"), Codec.decodeReply(Codec.encode(new Reply.Refused(""))));
        assertEquals(
                new Reply.NotIsolated("no reason was given"),
                Codec.decodeReply(Codec.encode(new Reply.NotIsolated(""))));
        assertEquals(new Reply.Host("no reason was given"), Codec.decodeReply(Codec.encode(new Reply.Host(""))));
        for (int type : new int[] {0x82, 0x83, 0x85}) {
            byte[] packet = {1, (byte) type, 0, 0};
            assertEquals(
                    "reason is empty",
                    assertThrows(WireException.class, () -> Codec.decodeReply(packet))
                            .getMessage());
        }
    }

    @Test
    void aReasonOfAnyLengthAndContentArrives() throws WireException {
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            String reason = text(random, random.nextInt(i % 10 == 0 ? 20_000 : 1_500));
            for (Reply reply : List.of(
                    new Reply.Refused(reason),
                    new Reply.NotIsolated(reason),
                    new Reply.Host(reason),
                    new Reply.Done(reason),
                    new Reply.Granted(SESSION, reason))) {
                byte[] packet = Codec.encode(reply);
                assertTrue(packet.length <= Codec.MAX_PACKET);
                Reply arrived = Codec.decodeReply(packet);
                assertEquals(reply.getClass(), arrived.getClass());
                // A received message is sent unchanged: nothing is lost twice.
                assertEquals(arrived, Codec.decodeReply(Codec.encode(arrived)));
            }
        }
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        int kind = random.nextInt(4);
        while (text.length() < length) {
            switch (kind) {
                case 0 -> text.append((char) random.nextInt(0x80));
                case 1 -> text.append((char) random.nextInt(0x10000));
                case 2 -> text.appendCodePoint(0x1f300 + random.nextInt(0x100));
                default -> text.append(random.nextBoolean() ? 'x' : (char) ('à' + random.nextInt(20)));
            }
        }
        return text.toString();
    }

    @Test
    void bothHalvesTakeAndRefuseTheSame() throws IOException {
        // The module's own tests have its table; these are the files that its fuzzer starts from.
        List<String> taken = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("pam-shim/fuzz/corpus/decode"))) {
            for (Path file : files.sorted().toList()) {
                byte[] packet = Files.readAllBytes(file);
                try {
                    Codec.decodeReply(packet);
                    taken.add(file.getFileName().toString());
                } catch (WireException e) {
                    refused.add(file.getFileName().toString());
                }
            }
        }
        assertTrue(
                taken.containsAll(
                        List.of("done", "granted", "granted-warning", "host", "longest", "not-isolated", "refused")),
                taken.toString());
        assertTrue(
                refused.containsAll(List.of(
                        "cut",
                        "empty",
                        "extra",
                        "host-no-reason",
                        "overlong-utf8",
                        "session-short",
                        "too-long",
                        "version")),
                refused.toString());
    }
}
