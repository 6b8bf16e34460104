// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElfFileTest {
    private static final int X86_64 = 62;
    private static final int I386 = 3;

    /** As text, because all its bytes are ASCII. */
    static String library(boolean wide) {
        return new String(elf(wide, ByteOrder.LITTLE_ENDIAN, null), StandardCharsets.US_ASCII);
    }

    static String program(boolean wide, String loader) {
        return new String(elf(wide, ByteOrder.LITTLE_ENDIAN, loader), StandardCharsets.US_ASCII);
    }

    /** With a header, a program header of another type, that of the loader, and its name. */
    private static byte[] elf(boolean wide, ByteOrder order, String loader) {
        int header = wide ? 64 : 52;
        int entry = wide ? 56 : 32;
        int name = 0x100;
        byte[] text = ((loader == null ? "" : loader) + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file = ByteBuffer.allocate(name + text.length);
        file.putInt(0, 0x7f454c46)
                .put(4, (byte) (wide ? 2 : 1))
                .put(5, (byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1))
                .order(order);
        file.putShort(18, (short) (wide ? X86_64 : I386));
        file.putShort(wide ? 54 : 42, (short) entry).putShort(wide ? 56 : 44, (short) (loader == null ? 1 : 2));
        int loaders = header + entry;
        file.putInt(header, 6).putInt(loaders, 3);
        if (wide) {
            file.putLong(32, header).putLong(loaders + 8, name).putLong(loaders + 32, text.length);
        } else {
            file.putInt(28, header).putInt(loaders + 4, name).putInt(loaders + 16, text.length);
        }
        System.arraycopy(text, 0, file.array(), name, text.length);
        return file.array();
    }

    @ParameterizedTest
    @CsvSource({"true,false", "false,false", "true,true", "false,true"})
    void theLoaderIsFound(boolean wide, boolean big) {
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        assertEquals(Optional.of("/lib/ld.so"), ElfFile.loader(elf(wide, order, "/lib/ld.so")));
        assertEquals(Optional.empty(), ElfFile.loader(elf(wide, order, null)));
        assertEquals(Optional.empty(), ElfFile.loader(elf(wide, order, "")));
    }

    @Test
    void kindsDiffer() {
        assertNotEquals(
                ElfFile.kind(elf(true, ByteOrder.LITTLE_ENDIAN, null)),
                ElfFile.kind(elf(false, ByteOrder.LITTLE_ENDIAN, null)));
        assertNotEquals(
                ElfFile.kind(elf(true, ByteOrder.LITTLE_ENDIAN, null)),
                ElfFile.kind(elf(true, ByteOrder.BIG_ENDIAN, null)));
        assertEquals(
                ElfFile.kind(elf(true, ByteOrder.LITTLE_ENDIAN, null)),
                ElfFile.kind(elf(true, ByteOrder.LITTLE_ENDIAN, "/x")));
        assertEquals(0, ElfFile.kind("#!/bin/sh\n".repeat(10).getBytes(StandardCharsets.US_ASCII)));
    }

    /** Any beginning of a file gives an answer. */
    @Test
    void nothingIsReadBeyondTheEnd() {
        byte[] good = elf(true, ByteOrder.LITTLE_ENDIAN, "/lib/ld.so");
        for (int length = 0; length < good.length; length++) {
            assertEquals(Optional.empty(), ElfFile.loader(Arrays.copyOf(good, length)), length + " bytes");
        }
        Random random = new Random(4);
        for (int i = 0; i < 100_000; i++) {
            byte[] bad = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bad[4 + random.nextInt(bad.length - 4)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
            }
            ElfFile.kind(bad);
            assertTrue(ElfFile.loader(bad).map(String::length).orElse(0) < bad.length);
        }
    }

    @Test
    void thisMachinesShellHasALoader() throws IOException {
        try (InputStream shell = Files.newInputStream(Path.of("/bin/sh"))) {
            Optional<String> loader = ElfFile.loader(shell.readNBytes(4096));
            assertTrue(loader.isPresent() && Files.exists(Path.of(loader.get())), loader.toString());
        }
    }
}
