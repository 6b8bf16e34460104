// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The beginning of a program or library, elf(5). */
final class ElfFile {
    private static final int MAGIC = 0x7f454c46;
    private static final int PT_INTERP = 3;
    private static final int HEADER = 64;

    private ElfFile() {}

    /**
     * The type of programs that a library is for, 32-bit or 64-bit and the processor: equal types have the same number.
     */
    static int kind(byte[] head) {
        ByteBuffer file = ByteBuffer.wrap(head);
        return head.length < HEADER || file.getInt(0) != MAGIC
                ? 0
                : file.getShort(4) << 16 | Short.toUnsignedInt(file.getShort(18));
    }

    /** The loader that the program asks the kernel for; empty for a program that needs none, and for other files. */
    static Optional<String> loader(byte[] head) {
        ByteBuffer file = ByteBuffer.wrap(head);
        if (head.length < HEADER || file.getInt(0) != MAGIC) {
            return Optional.empty();
        }
        boolean wide = file.get(4) == 2;
        file.order(file.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long table = wide ? file.getLong(32) : Integer.toUnsignedLong(file.getInt(28));
        int size = Short.toUnsignedInt(file.getShort(wide ? 54 : 42));
        int count = Short.toUnsignedInt(file.getShort(wide ? 56 : 44));
        for (int i = 0; i < count && isWithin(head, table, (i + 1L) * size) && size >= (wide ? 56 : 32); i++) {
            int entry = (int) table + i * size;
            if (file.getInt(entry) == PT_INTERP) {
                long start = wide ? file.getLong(entry + 8) : Integer.toUnsignedLong(file.getInt(entry + 4));
                long length = wide ? file.getLong(entry + 32) : Integer.toUnsignedLong(file.getInt(entry + 16));
                // Its last byte is a NUL.
                return isWithin(head, start, length) && length > 1
                        ? Optional.of(new String(head, (int) start, (int) length - 1, StandardCharsets.UTF_8))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isWithin(byte[] head, long start, long length) {
        return start >= 0 && length >= 0 && start <= head.length && length <= head.length - start;
    }
}
