// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;

/**
 * Native memory for the arguments of one system call at a time. It is allocated once and reused, so that a login
 * allocates none. Belongs to one thread at a time.
 */
final class Scratch {
    /** Two paths of PATH_MAX, a message and its control data. */
    private static final int SIZE = 16384;

    private final NativeMemory memory = new NativeMemory(SIZE);
    private int used;

    /** Discards the arguments of the previous call. */
    Scratch begin() {
        used = 0;
        return this;
    }

    /** Reserves a zeroed structure. */
    Slot room(int size) {
        int at = (used + 7) & ~7;
        if (at + size > SIZE) {
            throw new IllegalArgumentException("system call argument of " + size + " bytes is too long");
        }
        used = at + size;
        memory.clear(at, size);
        return new Slot(at);
    }

    /** The address of the text, with a final NUL. */
    long text(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("system call argument has a NUL");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Slot slot = room(bytes.length + 1);
        slot.putBytes(0, bytes);
        return slot.address();
    }

    /** A structure in the memory. Offsets are in bytes. */
    final class Slot {
        private final int start;

        private Slot(int start) {
            this.start = start;
        }

        long address() {
            return memory.address() + start;
        }

        void putInt(int offset, int value) {
            memory.putInt(start + offset, value);
        }

        void putShort(int offset, short value) {
            memory.putShort(start + offset, value);
        }

        void putLong(int offset, long value) {
            memory.putLong(start + offset, value);
        }

        void putBytes(int offset, byte[] bytes) {
            memory.putBytes(start + offset, bytes);
        }

        int getInt(int offset) {
            return memory.getInt(start + offset);
        }

        short getShort(int offset) {
            return memory.getShort(start + offset);
        }

        long getLong(int offset) {
            return memory.getLong(start + offset);
        }

        byte[] getBytes(int offset, int length) {
            return memory.getBytes(start + offset, length);
        }
    }
}
