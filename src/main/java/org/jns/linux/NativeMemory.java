// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Native memory for the kernel and the C library; freed when nothing in Java refers to it. Offsets are in bytes. */
final class NativeMemory {
    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    private final ByteBuffer buffer;
    private final long address;

    /** Zeroed. */
    NativeMemory(int bytes) {
        buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        address = MEMORY.getDirectBufferAddress(buffer);
    }

    /** The text at an address from the C library; empty for the null address. */
    static String text(long address) {
        return address == 0 ? "" : new String(MEMORY.getZeroTerminatedByteArray(address), StandardCharsets.UTF_8);
    }

    /** The texts of an array of addresses that ends with the null address. */
    static List<String> texts(long array) {
        List<String> texts = new ArrayList<>();
        for (long at = array; array != 0 && MEMORY.getAddress(at) != 0; at += Long.BYTES) {
            texts.add(text(MEMORY.getAddress(at)));
        }
        return texts;
    }

    long address() {
        return address;
    }

    int size() {
        return buffer.capacity();
    }

    void clear(int offset, int length) {
        MEMORY.setMemory(address + offset, length, (byte) 0);
    }

    void putShort(int offset, short value) {
        buffer.putShort(offset, value);
    }

    void putInt(int offset, int value) {
        buffer.putInt(offset, value);
    }

    void putLong(int offset, long value) {
        buffer.putLong(offset, value);
    }

    void putBytes(int offset, byte[] bytes) {
        buffer.put(offset, bytes);
    }

    short getShort(int offset) {
        return buffer.getShort(offset);
    }

    int getInt(int offset) {
        return buffer.getInt(offset);
    }

    long getLong(int offset) {
        return buffer.getLong(offset);
    }

    byte[] getBytes(int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return bytes;
    }
}
