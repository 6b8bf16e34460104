// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds the file system that contains a path in a mount table, proc(5). Reads line by line, because users can make the
 * table as long as they like.
 */
public final class MountPoints {
    private static final int CHUNK = 8192;
    private static final int LONGEST_LINE = 1 << 16;
    private static final int MOST_BELOW = 1 << 16;
    private static final int MOUNT_POINT = 4;
    private static final String AUTOMOUNTER = "autofs";

    private final String path;
    private String found = "/";
    private boolean isAutomounter;
    private final Set<String> below = new HashSet<>();

    private MountPoints(String path) {
        this.path = path;
    }

    /**
     * @param mountTable open, and read from its current position
     * @param path absolute, without links
     * @return the place where a login hangs that asks for the path
     */
    public static Hanging.Spot around(Syscalls sys, Fd mountTable, String path) {
        MountPoints points = new MountPoints(path);
        points.read(sys, mountTable);
        return points.isAutomounter
                ? new Hanging.Spot(path, true, Set.of(), 1, false)
                : new Hanging.Spot(points.found, false, points.below, 1, false);
    }

    private void read(Syscalls sys, Fd table) {
        StringBuilder rest = new StringBuilder();
        for (byte[] chunk = sys.read(table, CHUNK); chunk.length > 0; chunk = sys.read(table, CHUNK)) {
            rest.append(new String(chunk, StandardCharsets.ISO_8859_1));
            int from = 0;
            for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", from)) {
                line(rest.substring(from, end));
                from = end + 1;
            }
            rest.delete(0, from);
            if (rest.length() > LONGEST_LINE) {
                rest.setLength(0);
            }
        }
    }

    private void line(String line) {
        String[] fields = line.split(" ", MOUNT_POINT + 2);
        int dash = line.indexOf(" - ");
        if (fields.length <= MOUNT_POINT || dash < 0) {
            return;
        }
        String point = decoded(fields[MOUNT_POINT]);
        if (isAt(point, path)) {
            // Of several mounts at one place the last one is on top.
            if (point.length() >= found.length()) {
                found = point;
                isAutomounter = line.startsWith(AUTOMOUNTER + " ", dash + 3) && !point.equals(path);
                below.removeIf(other -> !isAt(point, other) || other.equals(point));
            }
        } else if (isAt(found, point) && below.size() < MOST_BELOW) {
            below.add(point);
        }
    }

    private static boolean isAt(String point, String path) {
        return path.equals(point) || path.startsWith(point.endsWith("/") ? point : point + "/");
    }

    /** Blanks and the like are written as octal numbers, proc(5). */
    private static String decoded(String field) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                bytes.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                bytes.append(field.charAt(i));
            }
        }
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
