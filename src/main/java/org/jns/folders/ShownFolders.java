// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Finds private folders in a mount table that the kernel delivers in pieces of any size: mountinfo, proc(5). The fourth
 * field of a line is the part of the file system that the mount shows; the third after the hyphen has the options,
 * which name the folders of an overlay. It keeps at most two file names, whatever users have put into the table: a
 * table may have a hundred thousand mounts with paths of 4096 bytes.
 *
 * <p>Reasons: docs/decisions/36-who-is-in-a-view.md
 */
final class ShownFolders {
    private static final int ROOT = 3;
    /** The first of the two has the number 0. */
    private static final int BEHIND_TYPE_AND_SOURCE = 2;
    /** NAME_MAX of Linux. */
    private static final int MOST_OF_NAME = 255;
    /** An unsigned number of 32 bits. */
    private static final int MOST_DIGITS = 10;

    private static final int DIGITS_OF_ESCAPE = 3;

    private final Set<String> wanted;
    private final Set<String> found;
    private int field;
    private boolean isHyphen;
    private int behindHyphen = -1;
    private int inField;
    private final byte[] name = new byte[MOST_OF_NAME];
    private int length;
    private boolean isTooLong;
    /** The name before the current one, if it was a number between two slashes. */
    private String number = "";

    private boolean beganWithSlash;
    private int escapeDigits;
    private int escaped;

    /**
     * @param wanted {@code UID/FOLDER} of each
     * @param found gets those of them that the table shows
     */
    ShownFolders(Set<String> wanted, Set<String> found) {
        this.wanted = wanted;
        this.found = found;
    }

    /** Reads the next piece of the table. */
    void read(byte[] piece) {
        for (byte b : piece) {
            if (b == '\n') {
                endField();
                field = 0;
                behindHyphen = -1;
            } else if (b == ' ') {
                endField();
                field++;
            } else {
                inField++;
                isHyphen = b == '-' && inField == 1;
                if (field == ROOT || behindHyphen == BEHIND_TYPE_AND_SOURCE) {
                    take(b);
                }
            }
        }
    }

    private void endField() {
        endName((byte) 0);
        if (behindHyphen >= 0 || isHyphen && field > ROOT) {
            behindHyphen++;
        }
        isHyphen = false;
        inField = 0;
        number = "";
        beganWithSlash = false;
        escapeDigits = 0;
    }

    /**
     * The kernel escapes a backslash, and any character that would end a field or an option, as a backslash and three
     * octal digits.
     */
    private void take(byte b) {
        if (b == '\\') {
            escapeDigits = DIGITS_OF_ESCAPE;
            escaped = 0;
        } else if (escapeDigits > 0) {
            escaped = escaped * 8 + (b - '0');
            if (--escapeDigits == 0) {
                append((byte) escaped);
            }
        } else if (b == '/' || b == ',' || b == ':') {
            endName(b);
        } else {
            append(b);
        }
    }

    private void append(byte b) {
        isTooLong |= length == MOST_OF_NAME;
        if (!isTooLong) {
            name[length++] = b;
        }
    }

    /** @param by the character that ends it */
    private void endName(byte by) {
        if (!number.isEmpty() && length > 0 && !isTooLong) {
            String folder = number + "/" + new String(name, 0, length, StandardCharsets.UTF_8);
            if (wanted.contains(folder)) {
                found.add(folder);
            }
        }
        number =
                beganWithSlash && by == '/' && isNumber() ? new String(name, 0, length, StandardCharsets.US_ASCII) : "";
        beganWithSlash = by == '/';
        length = 0;
        isTooLong = false;
    }

    private boolean isNumber() {
        for (int i = 0; i < length; i++) {
            if (name[i] < '0' || name[i] > '9') {
                return false;
            }
        }
        return length > 0 && length <= MOST_DIGITS;
    }
}
