// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** An argument of a program in a rules file, with variables of the subject at any position. */
public record ArgumentTemplate(String text, List<PathTemplate.Part> parts) {
    public ArgumentTemplate {
        parts = List.copyOf(parts);
    }

    public static ArgumentTemplate parse(String text) throws PathTemplate.SyntaxError {
        return new ArgumentTemplate(text, PathTemplate.parts(text, false));
    }

    /**
     * @throws IllegalArgumentException with a message for the journal, if the subject's values are unusable
     */
    public String expand(Subject subject) {
        return PathTemplate.joined(parts, subject);
    }
}
