// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One entry of a rule's {@code only} or {@code except} list. */
public sealed interface Matcher {

    /**
     * @param reading what counts where more than one answer is possible
     */
    boolean matches(Subject subject, Reading reading);

    /**
     * How a list is read for a subject that has more than one name, or whose groups could not all be asked for. A restriction binds
     * under each of the names; an exception frees only who has the canonical one.
     */
    enum Reading {
        /** For a list that restricts: any of the names, and groups that could not be asked for count as the subject's. */
        BINDS_PERHAPS(true, true),
        /** For a list that restricts: any of the names. */
        BINDS(true, false),
        /** For a list that frees from a restriction. */
        FREES(false, false),
        /** For a list that frees from a restriction, where groups that could not be asked for count as the subject's. */
        FREES_PERHAPS(false, true);

        private final boolean anyName;
        private final boolean unasked;

        Reading(boolean anyName, boolean unasked) {
            this.anyName = anyName;
            this.unasked = unasked;
        }

        /** Of what is behind a '!'. */
        public Reading inverse() {
            return switch (this) {
                case BINDS_PERHAPS -> FREES;
                case FREES -> BINDS_PERHAPS;
                case BINDS -> FREES_PERHAPS;
                case FREES_PERHAPS -> BINDS;
            };
        }
    }

    /** As the rules file has it. */
    String text();

    /** A name, or a pattern with {@code *} and {@code ?}. Names are those that the user database gives to the uid. */
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

    /** Both ends belong to it. */
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

    /** Primary or supplementary; both ends belong to it. */
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

    /** The login shell; where the user database has none it is /bin/sh, passwd(5). */
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

    /** Some login programs name the terminal with its folder, some without. */
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

    /** Takes out of its list whom the other matches. */
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
     * Whether a list is for a subject: one of its matchers matches, if there are any beside those that take out, and none takes the subject
     * out. An empty list is for everyone.
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

    /** The matchers of a list that are not negated. */
    static List<Matcher> positive(List<Matcher> list) {
        return list.stream().filter(m -> !(m instanceof Not)).toList();
    }

    /** What those of a list negate. */
    static List<Matcher> negated(List<Matcher> list) {
        return list.stream()
                .filter(Not.class::isInstance)
                .map(m -> ((Not) m).other())
                .toList();
    }

    /** The groups whose membership decides something, so that a login looks up no other. */
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
