// SPDX-License-Identifier: Apache-2.0
package org.jns.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/**
 * Checks properties that hold for any packet. Replays the files next to it; {@code JAZZER_FUZZ=1 mvn test
 * -Dtest=CodecFuzzTest} looks for new ones.
 */
class CodecFuzzTest {

    @FuzzTest(maxDuration = "3m")
    void anyPacket(byte[] packet) {
        boolean request = isRequest(packet);
        boolean reply = isReply(packet);
        assertTrue(!(request && reply));
        if (request || reply) {
            byte[] longer = Arrays.copyOf(packet, packet.length + 1);
            byte[] shorter = Arrays.copyOf(packet, packet.length - 1);
            assertTrue(!isRequest(longer) && !isReply(longer) && !isRequest(shorter) && !isReply(shorter));
        }
    }

    /** An accepted packet is written the same way again, except text that is longer than jns sends. */
    private static boolean isRequest(byte[] packet) {
        try {
            Request request = Codec.decodeRequest(packet);
            if (packet.length <= 1024) {
                assertArrayEquals(packet, Codec.encode(request));
            }
            return true;
        } catch (WireException e) {
            return false;
        }
    }

    private static boolean isReply(byte[] packet) {
        try {
            Reply reply = Codec.decodeReply(packet);
            if (packet.length <= 1024) {
                assertArrayEquals(packet, Codec.encode(reply));
            }
            return true;
        } catch (WireException e) {
            return false;
        }
    }
}
