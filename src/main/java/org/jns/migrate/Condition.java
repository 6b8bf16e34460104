// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.List;
import java.util.Optional;

/** The users of a volume, according to pam_mount.conf(5). */
sealed interface Condition {

    /** A selector of a rule. */
    record Selector(String text) implements Condition {}

    record Not(Condition inner) implements Condition {}

    record All(List<Condition> parts) implements Condition {
        public All {
            parts = List.copyOf(parts);
        }
    }

    record Any(List<Condition> parts) implements Condition {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    record Nobody() implements Condition {}

    /**
     * The same as the selectors of one rule, which has "one of these" and "none of those"; empty if it cannot express
     * that.
     */
    default Optional<Who> who() {
        return who(false);
    }

    private Optional<Who> who(boolean negated) {
        if (this instanceof Selector selector) {
            List<String> one = List.of(selector.text());
            return Optional.of(negated ? Who.allBut(one) : Who.onlyFor(one));
        }
        if (this instanceof Not not) {
            return not.inner().who(!negated);
        }
        if (this instanceof Nobody) {
            return Optional.of(negated ? Who.EVERYONE : Who.NOBODY);
        }
        // "Not all of them" means "any of their opposites".
        boolean isAll = this instanceof All != negated;
        List<Condition> parts = this instanceof All all ? all.parts() : ((Any) this).parts();
        Optional<Who> result = Optional.of(isAll ? Who.EVERYONE : Who.NOBODY);
        for (Condition part : parts) {
            Optional<Who> next = part.who(negated);
            result = result.isEmpty() || next.isEmpty()
                    ? Optional.empty()
                    : isAll ? result.get().and(next.get()) : result.get().or(next.get());
        }
        return result;
    }
}
