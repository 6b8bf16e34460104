// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.rules.ini.RulesSource;

/**
 * Keeps the text of the last confirmed rules in one file: when the daemon starts and the rules have errors, users can
 * still log in. A line "COUNT", and for each source a line "LENGTH NAME" followed by that many bytes.
 *
 * <p>Reasons: docs/decisions/35-last-good-rules.md
 */
final class LastGood {
    private static final int MOST_BYTES = 64 << 20;

    private final WholeFile file;

    LastGood(Syscalls sys, AbsPath path) {
        this.file = new WholeFile(sys, path, MOST_BYTES);
    }

    /** Writes nothing if the file has the same content already. */
    void keep(List<RulesSource> sources) {
        if (!has(sources)) {
            file.write(encode(sources));
        }
    }

    /** Whether it keeps these sources. */
    boolean has(List<RulesSource> sources) {
        return Arrays.equals(encode(sources), current().orElse(null));
    }

    /** Empty if there is no file, or it cannot be trusted, or it is invalid. */
    Optional<List<RulesSource>> sources() {
        return current().flatMap(LastGood::decode);
    }

    private Optional<byte[]> current() {
        try {
            return file.read();
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    static byte[] encode(List<RulesSource> sources) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((sources.size() + "\n").getBytes(StandardCharsets.UTF_8));
        for (RulesSource source : sources) {
            out.writeBytes((source.bytes().length + " " + source.name() + "\n").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(source.bytes());
        }
        return out.toByteArray();
    }

    /** All of the sources or nothing: a part of them would isolate fewer users than the rules did, unnoticed. */
    static Optional<List<RulesSource>> decode(byte[] content) {
        int at = endOfLine(content, 0);
        Optional<Integer> count = number(line(content, 0, at));
        List<RulesSource> sources = new ArrayList<>();
        while (at < content.length) {
            int start = endOfLine(content, at);
            String[] head = line(content, at, start).split(" ", 2);
            Optional<Integer> length = number(head[0]);
            if (head.length != 2 || length.isEmpty() || length.get() > content.length - start) {
                return Optional.empty();
            }
            at = start + length.get();
            sources.add(new RulesSource(head[1], Arrays.copyOfRange(content, start, at)));
        }
        return count.filter(n -> n == sources.size()).map(n -> sources);
    }

    /** The beginning of the next line; the end of the content if this line has no end. */
    private static int endOfLine(byte[] content, int at) {
        int i = at;
        while (i < content.length && content[i] != '\n') {
            i++;
        }
        return Math.min(i + 1, content.length);
    }

    /** Without the line end; empty for an incomplete line. */
    private static String line(byte[] content, int from, int to) {
        boolean whole = to > from && content[to - 1] == '\n';
        return whole ? new String(content, from, to - from - 1, StandardCharsets.UTF_8) : "";
    }

    private static Optional<Integer> number(String text) {
        return text.matches("[0-9]{1,8}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
