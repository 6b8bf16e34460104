// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/** One entry of a rule's {@code only} or {@code except} list. */
public sealed interface Matcher {

    boolean matches(Subject subject);

    /** As the rules file has it. */
    String text();

    /** A name, or a pattern with {@code *} and {@code ?}. */
    record User(Glob name) implements Matcher {
        @Override
        public boolean matches(Subject subject) {
            return name.matches(subject.user());
        }

        @Override
        public String text() {
            return "user:" + name.pattern();
        }
    }

    /** Primary or supplementary. */
    record Group(String name) implements Matcher {
        @Override
        public boolean matches(Subject subject) {
            return subject.groups().contains(name);
        }

        @Override
        public String text() {
            return "group:" + name;
        }
    }

    /** Both ends belong to it. */
    record UidRange(long from, long to) implements Matcher {
        @Override
        public boolean matches(Subject subject) {
            return subject.uid() >= from && subject.uid() <= to;
        }

        @Override
        public String text() {
            return from == to ? "uid:" + from : "uid:" + from + "-" + to;
        }
    }

    /** A PAM service. */
    record Service(Glob name) implements Matcher {
        @Override
        public boolean matches(Subject subject) {
            return name.matches(subject.service());
        }

        @Override
        public String text() {
            return "service:" + name.pattern();
        }
    }

    /** The first of the matchers that matches, or null. */
    static Matcher first(List<Matcher> matchers, Subject subject) {
        for (Matcher matcher : matchers) {
            if (matcher.matches(subject)) {
                return matcher;
            }
        }
        return null;
    }
}
