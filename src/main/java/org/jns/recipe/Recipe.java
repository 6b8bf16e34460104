// SPDX-License-Identifier: Apache-2.0
package org.jns.recipe;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** The steps of jnsenter or jnsrun, in order. */
public record Recipe(List<Op> ops) {
    public Recipe {
        ops = List.copyOf(ops);
    }

    /** A recipe that prints, and ends with that exit status. */
    public static Recipe print(String text, int status) {
        String last = Integer.toString(status);
        return new Recipe(List.of(Op.of(status == 0 ? "print" : "say", Raw.of(text)), Op.of("exit", last)));
    }

    /** Strings, each terminated by NUL. */
    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Op op : ops) {
            add(out, op.word());
            for (String argument : op.arguments()) {
                add(out, argument);
            }
        }
        return out.toByteArray();
    }

    private static void add(ByteArrayOutputStream out, String raw) {
        out.writeBytes(Raw.bytes(raw));
        out.write(0);
    }

    /** A line for each op. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        for (Op op : ops) {
            lines.append(op).append('\n');
        }
        return lines.toString();
    }
}
