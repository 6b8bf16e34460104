// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.rules.RulesSource;
import org.jns.sys.Errno;
import org.jns.sys.Fd;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.jns.sys.Syscalls.OpenAs;
import org.jns.sys.Syscalls.Walk;

/**
 * The text of the rules that were in force last, kept in one file: when the daemon starts and finds the rules broken, people can still
 * log in. Each source is a line "LENGTH NAME" and then so many bytes.
 */
final class LastGood {
    private static final int MOST_BYTES = 64 << 20;

    private final Syscalls sys;
    private final AbsPath path;

    LastGood(Syscalls sys, AbsPath path) {
        this.sys = sys;
        this.path = path;
    }

    /** Writes nothing if the file says the same already. */
    void keep(List<RulesSource> sources) {
        byte[] content = encode(sources);
        if (Arrays.equals(content, current().orElse(null))) {
            return;
        }
        String draft = path.name() + ".new";
        try (Fd folder = sys.open(Optional.empty(), path.parent().value(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            removeIfThere(folder, draft);
            try (Fd file = sys.create(folder, draft)) {
                sys.write(file, content);
            }
            sys.replace(folder, draft, path.name());
        }
    }

    private void removeIfThere(Fd folder, String name) {
        try {
            sys.remove(folder, name);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    /** Empty if there is none, or it is not to be trusted, or it is no such file. */
    Optional<List<RulesSource>> sources() {
        return current().flatMap(LastGood::decode);
    }

    private Optional<byte[]> current() {
        try (Fd file = sys.open(Optional.empty(), path.value(), OpenAs.READ, Walk.NO_LINKS)) {
            boolean trusted = sys.stat(file).isRegular() && sys.stat(file).isRootOnly();
            return trusted ? Optional.of(sys.read(file, MOST_BYTES)) : Optional.empty();
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    static byte[] encode(List<RulesSource> sources) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (RulesSource source : sources) {
            out.writeBytes((source.bytes().length + " " + source.name() + "\n").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(source.bytes());
        }
        return out.toByteArray();
    }

    static Optional<List<RulesSource>> decode(byte[] content) {
        List<RulesSource> sources = new ArrayList<>();
        int at = 0;
        while (at < content.length) {
            int newline = at;
            while (newline < content.length && content[newline] != '\n') {
                newline++;
            }
            String[] head = new String(content, at, newline - at, StandardCharsets.UTF_8).split(" ", 2);
            if (head.length != 2 || !head[0].matches("[0-9]{1,8}")) {
                return Optional.empty();
            }
            int start = newline + 1;
            int length = Integer.parseInt(head[0]);
            if (start + length > content.length) {
                return Optional.empty();
            }
            sources.add(new RulesSource(head[1], Arrays.copyOfRange(content, start, start + length)));
            at = start + length;
        }
        return Optional.of(sources);
    }
}
