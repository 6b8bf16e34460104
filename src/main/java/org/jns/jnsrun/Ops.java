// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jns.recipe.Op;
import org.jns.recipe.Recipe;

/** Builds a recipe, one op after another. */
final class Ops {
    private final List<Op> ops = new ArrayList<>();
    private final boolean verbose;

    Ops(boolean verbose) {
        this.verbose = verbose;
    }

    void add(Op op) {
        ops.add(op);
    }

    void add(String word, Object... arguments) {
        addList(word, List.of(arguments), List.of(), false);
    }

    /** Adds an op that ends in a list. */
    void addList(String word, List<?> fixed, Collection<?> list) {
        addList(word, fixed, list, true);
    }

    private void addList(String word, List<?> fixed, Collection<?> list, boolean counted) {
        List<String> arguments = new ArrayList<>();
        fixed.forEach(argument -> arguments.add(argument.toString()));
        if (counted) {
            arguments.add(Integer.toString(list.size()));
        }
        list.forEach(argument -> arguments.add(argument.toString()));
        ops.add(new Op(word, arguments));
    }

    /** Adds a line that -v shows. */
    void say(String text) {
        if (verbose) {
            add("say", "jnsrun: " + text + "\n");
        }
    }

    Recipe recipe() {
        return new Recipe(ops);
    }
}
