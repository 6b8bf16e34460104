// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

import org.jns.model.Position;

/** A piece of one line, exactly as written, and the position of its first character. */
public record SourceSpan(String text, Position at) {

    /** The position of the character at that offset; the text's length gives the position after its end. */
    public Position at(int offset) {
        int inside = Math.max(0, Math.min(offset, text.length()));
        return new Position(at.file(), at.line(), at.column() + text.codePointCount(0, inside));
    }

    /** The part between two offsets, without the blanks around it. */
    public SourceSpan part(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && SourceText.isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && SourceText.isBlank(text.charAt(end - 1))) {
            end--;
        }
        return new SourceSpan(text.substring(start, end), at(start));
    }
}
