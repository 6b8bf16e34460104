// SPDX-License-Identifier: Apache-2.0
package org.jns.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jns.model.Printable;

/**
 * Encodes messages as bytes, and decodes them. One message is one packet of a SOCK_SEQPACKET socket:
 *
 * <pre>u8 version = 1 | u8 type | fields, as many as the type has, each: u16 length (big endian) | that many bytes of UTF-8</pre>
 *
 * No control characters, nothing after the last field, {@value #MAX_PACKET} bytes at most. {@code pam-shim/common/wire.c} is the other half.
 */
public final class Codec {
    public static final int MAX_PACKET = 4096;
    private static final int VERSION = 1;
    /** In bytes: the longest message still fits into a packet. */
    private static final int MAX_TEXT = 1024;

    private static final int OPEN = 0x01;
    private static final int RELOAD = 0x02;
    private static final int TRY = 0x03;
    private static final int CONFIRM = 0x04;
    private static final int GC = 0x05;
    private static final int METRICS = 0x06;
    private static final int ENTER = 0x07;
    private static final int JOIN = 0x08;
    /** Like RELOAD and TRY, even if the rules would lock users out. */
    private static final int FORCE_RELOAD = 0x09;

    private static final int FORCE_TRY = 0x0a;
    private static final int GRANTED = 0x81;
    private static final int NOT_ISOLATED = 0x82;
    private static final int REFUSED = 0x83;
    private static final int DONE = 0x84;
    private static final int HOST = 0x85;
    private static final int RECIPE = 0x86;
    private static final int JOINED = 0x87;

    private Codec() {}

    /** @throws IllegalArgumentException if a field cannot be sent unchanged: a changed name could be another user's */
    public static byte[] encode(Request request) {
        if (request instanceof Request.Open open) {
            return packet(OPEN, exact(open.user()), exact(open.service()), exact(open.tty()));
        }
        if (request instanceof Request.Try trial) {
            return packet(trial.force() ? FORCE_TRY : TRY, exact(Integer.toString(trial.minutes())));
        }
        if (request instanceof Request.Join join) {
            return packet(JOIN, exact(join.kind()), exact(join.name()));
        }
        return packet(bare(request));
    }

    /** A request without fields. */
    private static int bare(Request request) {
        if (request instanceof Request.Confirm) {
            return CONFIRM;
        }
        if (request instanceof Request.Gc) {
            return GC;
        }
        if (request instanceof Request.Enter) {
            return ENTER;
        }
        if (request instanceof Request.Reload reload) {
            return reload.force() ? FORCE_RELOAD : RELOAD;
        }
        return METRICS;
    }

    /**
     * Text for people is shortened if it is too long, and gets blanks for control characters, because a reply must
     * reach its reader.
     */
    public static byte[] encode(Reply reply) {
        if (reply instanceof Reply.Granted granted) {
            return packet(GRANTED, exact(granted.session()), sendable(granted.warning()));
        }
        if (reply instanceof Reply.NotIsolated notIsolated) {
            return packet(NOT_ISOLATED, reason(notIsolated.reason()));
        }
        if (reply instanceof Reply.Refused refused) {
            return packet(REFUSED, reason(refused.reason()));
        }
        if (reply instanceof Reply.Host host) {
            return packet(HOST, reason(host.reason()));
        }
        if (reply instanceof Reply.Recipe) {
            return packet(RECIPE);
        }
        if (reply instanceof Reply.Joined joined) {
            return packet(JOINED, sendable(joined.warning()));
        }
        return packet(DONE, sendable(((Reply.Done) reply).text()));
    }

    public static Request decodeRequest(byte[] packet) throws WireException {
        return switch (type(packet)) {
            case OPEN -> {
                List<String> f = fields(packet, 3);
                yield new Request.Open(f.get(0), f.get(1), f.get(2));
            }
            case RELOAD, FORCE_RELOAD -> bare(packet, new Request.Reload(type(packet) == FORCE_RELOAD));
            case TRY, FORCE_TRY -> new Request.Try(minutes(fields(packet, 1).get(0)), type(packet) == FORCE_TRY);
            case CONFIRM -> bare(packet, new Request.Confirm());
            case GC -> bare(packet, new Request.Gc());
            case METRICS -> bare(packet, new Request.Metrics());
            case ENTER -> bare(packet, new Request.Enter());
            case JOIN -> {
                List<String> f = fields(packet, 2);
                yield new Request.Join(f.get(0), f.get(1));
            }
            default -> throw new WireException("unknown request");
        };
    }

    public static Reply decodeReply(byte[] packet) throws WireException {
        return switch (type(packet)) {
            case GRANTED -> {
                List<String> f = fields(packet, 2);
                if (!Reply.Granted.isSession(f.get(0))) {
                    throw new WireException("session is not 16 hexadecimal digits");
                }
                yield new Reply.Granted(f.get(0), f.get(1));
            }
            case NOT_ISOLATED -> new Reply.NotIsolated(reason(packet));
            case REFUSED -> new Reply.Refused(reason(packet));
            case DONE -> new Reply.Done(fields(packet, 1).get(0));
            case HOST -> new Reply.Host(reason(packet));
            case RECIPE -> bare(packet, new Reply.Recipe());
            case JOINED -> new Reply.Joined(fields(packet, 1).get(0));
            default -> throw new WireException("unknown reply");
        };
    }

    private static <M> M bare(byte[] packet, M message) throws WireException {
        fields(packet, 0);
        return message;
    }

    private static int minutes(String text) throws WireException {
        int minutes = text.matches("[1-9][0-9]{0,2}") ? Integer.parseInt(text) : 0;
        if (minutes < 1 || minutes > Request.Try.MOST_MINUTES) {
            throw new WireException("minutes are not a number from 1 to " + Request.Try.MOST_MINUTES);
        }
        return minutes;
    }

    private static String reason(byte[] packet) throws WireException {
        String reason = fields(packet, 1).get(0);
        if (reason.isEmpty()) {
            throw new WireException("reason is empty");
        }
        return reason;
    }

    private static byte[] packet(int type, byte[]... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(VERSION);
        out.write(type);
        for (byte[] field : fields) {
            out.write(field.length >> 8);
            out.write(field.length);
            out.writeBytes(field);
        }
        return out.toByteArray();
    }

    /** Never empty: the login program has nothing else to tell the user. */
    private static byte[] reason(String text) {
        return sendable(text.isEmpty() ? "no reason was given" : text);
    }

    private static byte[] exact(String text) {
        byte[] bytes = sendable(text);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw new IllegalArgumentException(
                    "cannot send '" + Printable.of(text) + "': it is too long or has control characters");
        }
        return bytes;
    }

    /** Without the characters that a field must not contain. */
    private static byte[] sendable(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < text.length() && i < MAX_TEXT; i++) {
            clean.append(isControl(text.charAt(i)) ? ' ' : text.charAt(i));
        }
        byte[] bytes = clean.toString().getBytes(StandardCharsets.UTF_8);
        int end = Math.min(bytes.length, MAX_TEXT);
        while (end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    private static boolean isControl(char c) {
        return c < 0x20 || c == 0x7f;
    }

    private static int type(byte[] packet) throws WireException {
        if (packet.length < 2 || packet.length > MAX_PACKET) {
            throw new WireException("packet of " + packet.length + " bytes");
        }
        if (packet[0] != VERSION) {
            throw new WireException("version " + (packet[0] & 0xff) + ", expected " + VERSION);
        }
        return packet[1] & 0xff;
    }

    private static List<String> fields(byte[] packet, int count) throws WireException {
        List<String> fields = new ArrayList<>();
        int at = 2;
        for (int i = 0; i < count; i++) {
            if (packet.length - at < 2) {
                throw new WireException("packet ends in a field");
            }
            int length = (packet[at] & 0xff) << 8 | packet[at + 1] & 0xff;
            at += 2;
            if (length > packet.length - at) {
                throw new WireException("packet ends in a field");
            }
            fields.add(text(packet, at, length));
            at += length;
        }
        if (at != packet.length) {
            throw new WireException("packet has bytes after its last field");
        }
        return fields;
    }

    private static String text(byte[] packet, int at, int length) throws WireException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(packet, at, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WireException("field is not UTF-8");
        }
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                throw new WireException("field has a control character");
            }
        }
        return text;
    }
}
