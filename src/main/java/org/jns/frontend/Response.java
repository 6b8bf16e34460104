// SPDX-License-Identifier: Apache-2.0
package org.jns.frontend;

import java.util.List;
import org.jns.linux.Fd;
import org.jns.recipe.Recipe;

/** The answer to a command line. */
public sealed interface Response {

    /**
     * The work to do.
     *
     * @param files the content of the recipe's first slots; the sender closes them
     */
    record Do(Recipe recipe, List<Fd> files) implements Response {
        /** Far below the kernel's limit, and equal to the one in {@code pam-shim/jns-start/ask.h}. */
        static final int MOST_FILES = 31;

        public Do {
            files = List.copyOf(files);
            if (files.size() > MOST_FILES) {
                throw new IllegalArgumentException("more than " + MOST_FILES + " descriptors");
            }
        }
    }

    /** A refusal; the text gives the reason to the user. */
    record Refuse(String why) implements Response {}

    static Response of(Recipe recipe) {
        return new Do(recipe, List.of());
    }
}
