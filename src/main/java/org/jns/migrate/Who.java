// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The users of a rule: the selectors of {@code only} and {@code except}.
 *
 * @param only empty means everyone, unless {@code nobody}
 */
record Who(List<String> only, List<String> except, boolean nobody) {

    static final Who EVERYONE = new Who(List.of(), List.of(), false);
    static final Who NOBODY = new Who(List.of(), List.of(), true);

    private static final String USER = "user:";

    Who {
        only = List.copyOf(only);
        except = List.copyOf(except);
    }

    static Who onlyFor(List<String> selectors) {
        return selectors.isEmpty() ? NOBODY : new Who(distinct(selectors), List.of(), false);
    }

    static Who allBut(List<String> selectors) {
        return new Who(List.of(), distinct(selectors), false);
    }

    boolean isEveryone() {
        return !nobody && only.isEmpty() && except.isEmpty();
    }

    /** The name, if it is one user. */
    Optional<String> name() {
        return only.size() == 1 && areNames(only)
                ? Optional.of(only.get(0).substring(USER.length()))
                : Optional.empty();
    }

    /** The users that are not among the others; empty if one rule cannot express that. */
    Optional<Who> minus(Who other) {
        if (nobody || other.nobody) {
            return Optional.of(this);
        }
        if (other.isEveryone()) {
            return Optional.of(NOBODY);
        }
        if (other.except.isEmpty()) {
            return Optional.of(but(other.only));
        }
        if (!other.only.isEmpty()) {
            return Optional.empty();
        }
        if (only.isEmpty()) {
            return Optional.of(onlyFor(other.except).but(except));
        }
        if (!areNames(only) || !areNames(other.except)) {
            return Optional.empty();
        }
        List<String> left = new ArrayList<>(only);
        left.retainAll(new HashSet<>(other.except));
        return Optional.of(onlyFor(left).but(except));
    }

    /** The users that are in both; empty if one rule cannot express that. */
    Optional<Who> and(Who other) {
        if (nobody || other.nobody) {
            return Optional.of(NOBODY);
        }
        if (!only.isEmpty() && !other.only.isEmpty() && !only.equals(other.only)) {
            return Optional.empty();
        }
        return Optional.of(only.isEmpty() ? other.but(except) : but(other.except));
    }

    /** The users that are in at least one; empty if one rule cannot express that. */
    Optional<Who> or(Who other) {
        if (nobody || other.isEveryone() || equals(other)) {
            return Optional.of(other);
        }
        if (other.nobody || isEveryone()) {
            return Optional.of(this);
        }
        if (only.isEmpty() || other.only.isEmpty() || !except.isEmpty() || !other.except.isEmpty()) {
            return Optional.empty();
        }
        List<String> all = new ArrayList<>(only);
        all.addAll(other.only);
        return Optional.of(onlyFor(all));
    }

    private Who but(List<String> selectors) {
        if (nobody) {
            return this;
        }
        List<String> all = new ArrayList<>(except);
        all.addAll(selectors);
        if (only.isEmpty()) {
            return allBut(all);
        }
        List<String> left = new ArrayList<>(only);
        left.removeAll(new HashSet<>(all));
        if (left.isEmpty()) {
            return NOBODY;
        }
        // Between lists of names, the remaining names express everything.
        return new Who(left, areNames(only) && areNames(all) ? List.of() : distinct(all), false);
    }

    private static boolean areNames(List<String> selectors) {
        return selectors.stream().allMatch(s -> s.startsWith(USER) && s.indexOf('*') < 0 && s.indexOf('?') < 0);
    }

    private static List<String> distinct(List<String> selectors) {
        return List.copyOf(new LinkedHashSet<>(selectors));
    }
}
