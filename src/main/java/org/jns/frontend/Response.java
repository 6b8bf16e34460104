// SPDX-License-Identifier: Apache-2.0
package org.jns.frontend;

import java.util.List;
import org.jns.linux.Fd;
import org.jns.recipe.Recipe;

/** The answer to a command line. */
public sealed interface Response {

    /**
     * What is to be done.
     *
     * @param files what the recipe's first slots hold; whoever sends them closes them
     */
    record Do(Recipe recipe, List<Fd> files) implements Response {
        /** The kernel's limit is far above it, and {@code pam-shim/jns-start/ask.h} has this one. */
        static final int MOST_FILES = 31;

        public Do {
            files = List.copyOf(files);
            if (files.size() > MOST_FILES) {
                throw new IllegalArgumentException("more than " + MOST_FILES + " descriptors");
            }
        }
    }

    /** Nothing; the text, for people, says why. */
    record Refuse(String why) implements Response {}

    static Response of(Recipe recipe) {
        return new Do(recipe, List.of());
    }
}
