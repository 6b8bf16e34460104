// SPDX-License-Identifier: Apache-2.0
package org.jns.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ops that {@code pam-shim/jns-start/ops} knows, read from its sources: it would refuse a recipe that does not
 * match them.
 */
public final class OpTable {
    private static final Pattern ROW = Pattern.compile("\\{ \"([a-z-]+)\", \"([a-zA-Z]*)\", +[a-z_]+ \\}");
    private static final int MOST_SLOTS = 64;
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64);

    private final Map<String, String> signatures = new HashMap<>();

    private OpTable() {}

    public static OpTable read() {
        OpTable table = new OpTable();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("pam-shim/jns-start/ops"), "*.c")) {
            for (Path file : files) {
                Matcher rows = ROW.matcher(Files.readString(file));
                while (rows.find()) {
                    table.signatures.put(rows.group(1), rows.group(2));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertTrue(table.signatures.size() > 40, "only " + table.signatures.size() + " ops are found");
        return table;
    }

    /** Checks a recipe against the table, and that its last op ends it. */
    public void assertFits(Recipe recipe) {
        for (Op op : recipe.ops()) {
            assertTrue(signatures.containsKey(op.word()), op.toString());
            assertFits(op, signatures.get(op.word()));
        }
        assertTrue(
                List.of("exec", "join", "exit")
                        .contains(recipe.ops().get(recipe.ops().size() - 1).word()),
                recipe.toString());
    }

    private static void assertFits(Op op, String signature) {
        List<String> left = op.arguments();
        for (char kind : signature.toCharArray()) {
            int count = 1;
            if (Character.isUpperCase(kind)) {
                assertTrue(isNumber(left.get(0)), op.toString());
                count = Integer.parseInt(left.get(0));
                left = left.subList(1, left.size());
            }
            for (String argument : left.subList(0, count)) {
                assertTrue(fits(argument, Character.toLowerCase(kind)), () -> op + ": " + argument + " is no " + kind);
            }
            left = left.subList(count, left.size());
        }
        assertEquals(List.of(), left, op.toString());
    }

    private static boolean fits(String argument, char kind) {
        return argument.indexOf('\0') < 0
                && switch (kind) {
                    case 't' -> true;
                    case 'n' -> isNumber(argument);
                    case 'i' -> isNumber(argument.startsWith("-") ? argument.substring(1) : argument);
                    case 'o' -> argument.equals("-") || isSlot(argument);
                    default -> isSlot(argument);
                };
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,20}") && new BigInteger(text).compareTo(MOST) < 0;
    }

    private static boolean isSlot(String text) {
        return text.matches("[0-9]{1,2}") && Integer.parseInt(text) < MOST_SLOTS;
    }
}
