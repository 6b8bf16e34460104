// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One entry of a rule's {@code only} or {@code except} list. */
public sealed interface Matcher {

    /** @param reading which answer counts if there is more than one */
    boolean matches(Subject subject, Reading reading);

    /**
     * How a list is read for a subject with more than one name, or whose groups are partly unknown. A restriction
     * applies under each of the names; an exception applies only to the canonical name.
     */
    enum Reading {
        /** For a restricting list: any of the names, and unknown groups count as the subject's. */
        BINDS_PERHAPS(true, true),
        /** For a restricting list: any of the names. */
        BINDS(true, false),
        /** For a list of exceptions. */
        FREES(false, false),
        /** For a list of exceptions, if unknown groups count as the subject's. */
        FREES_PERHAPS(false, true);

        private final boolean anyName;
        private final boolean unasked;

        Reading(boolean anyName, boolean unasked) {
            this.anyName = anyName;
            this.unasked = unasked;
        }

        /** The reading of a selector after '!'. */
        public Reading inverse() {
            return switch (this) {
                case BINDS_PERHAPS -> FREES;
                case FREES -> BINDS_PERHAPS;
                case BINDS -> FREES_PERHAPS;
                case FREES_PERHAPS -> BINDS;
            };
        }
    }

    /** The text in the rules file. */
    String text();

    /**
     * A name, or a pattern with {@code *} and {@code ?}, compared with the names that the user database has for the
     * uid.
     */
    record User(Glob name) implements Matcher {
        @Override
        public boolean matches(Subject subject, Reading reading) {
            return name.matches(subject.user())
                    || reading.anyName && subject.hasAlias() && name.matches(subject.alias());
        }

        @Override
        public String text() {
            return "user:" + name.pattern();
        }
    }

    /** Primary or supplementary. */
    record Group(String name) implements Matcher {
        @Override
        public boolean matches(Subject subject, Reading reading) {
            return subject.groups().contains(name) || reading.unasked && subject.isUnasked(name);
        }

        @Override
        public String text() {
            return "group:" + name;
        }
    }

    /** Includes both ends. */
    record UidRange(long from, long to) implements Matcher {
        @Override
        public boolean matches(Subject subject, Reading reading) {
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
        public boolean matches(Subject subject, Reading reading) {
            return name.matches(subject.service());
        }

        @Override
        public String text() {
            return "service:" + name.pattern();
        }
    }

    /** Primary or supplementary; includes both ends. */
    record GidRange(long from, long to) implements Matcher {
        @Override
        public boolean matches(Subject subject, Reading reading) {
            for (long gid : subject.gids()) {
                if (gid >= from && gid <= to) {
                    return true;
                }
            }
            return reading.unasked && !subject.unasked().isEmpty();
        }

        @Override
        public String text() {
            return from == to ? "gid:" + from : "gid:" + from + "-" + to;
        }
    }

    /** The login shell; if the user database has none, it is /bin/sh, passwd(5). */
    record Shell(Glob path) implements Matcher {
        @Override
        public boolean matches(Subject subject, Reading reading) {
            return path.matches(subject.shell().isEmpty() ? "/bin/sh" : subject.shell());
        }

        @Override
        public String text() {
            return "shell:" + path.pattern();
        }
    }

    /** Some login programs include the folder in the terminal's name, some do not. */
    record Tty(Glob name) implements Matcher {
        private static final String FOLDER = "/dev/";

        @Override
        public boolean matches(Subject subject, Reading reading) {
            return new Glob(bare(name.pattern())).matches(bare(subject.tty()));
        }

        private static String bare(String name) {
            return name.startsWith(FOLDER) ? name.substring(FOLDER.length()) : name;
        }

        @Override
        public String text() {
            return "tty:" + name.pattern();
        }
    }

    /** Excludes the subjects that the other selector matches. */
    record Not(Matcher other) implements Matcher {
        @Override
        public boolean matches(Subject subject, Reading reading) {
            return !other.matches(subject, reading.inverse());
        }

        @Override
        public String text() {
            return "!" + other.text();
        }
    }

    /**
     * Whether a list applies to a subject: one of its including selectors matches, if there are any, and none excludes
     * the subject. An empty list applies to everyone.
     */
    static boolean matches(List<Matcher> list, Subject subject, Reading reading) {
        boolean found = false;
        boolean sought = false;
        for (Matcher matcher : list) {
            if (matcher instanceof Not) {
                if (!matcher.matches(subject, reading)) {
                    return false;
                }
            } else {
                sought = true;
                found = found || matcher.matches(subject, reading);
            }
        }
        return found || !sought;
    }

    /** The selectors of a list that are not negated. */
    static List<Matcher> positive(List<Matcher> list) {
        return list.stream().filter(m -> !(m instanceof Not)).toList();
    }

    /** The selectors that are negated in a list. */
    static List<Matcher> negated(List<Matcher> list) {
        return list.stream()
                .filter(Not.class::isInstance)
                .map(m -> ((Not) m).other())
                .toList();
    }

    /** The groups that decide something, so that a login looks up no others. */
    static Set<String> groupsNamed(List<List<Matcher>> lists) {
        Set<String> names = new TreeSet<>();
        for (List<Matcher> list : lists) {
            for (Matcher matcher : list) {
                if (bare(matcher) instanceof Group group) {
                    names.add(group.name());
                }
            }
        }
        return names;
    }

    /** Whether the numbers of groups decide something. */
    static boolean goesByGid(List<List<Matcher>> lists) {
        for (List<Matcher> list : lists) {
            for (Matcher matcher : list) {
                if (bare(matcher) instanceof GidRange) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Matcher bare(Matcher matcher) {
        return matcher instanceof Not not ? not.other() : matcher;
    }
}
