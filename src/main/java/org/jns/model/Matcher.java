// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

    /** Primary or supplementary; both ends belong to it. */
    record GidRange(long from, long to) implements Matcher {
        @Override
        public boolean matches(Subject subject) {
            for (long gid : subject.gids()) {
                if (gid >= from && gid <= to) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String text() {
            return from == to ? "gid:" + from : "gid:" + from + "-" + to;
        }
    }

    /** The login shell; where the user database has none it is /bin/sh, passwd(5). */
    record Shell(Glob path) implements Matcher {
        @Override
        public boolean matches(Subject subject) {
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
        public boolean matches(Subject subject) {
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
        public boolean matches(Subject subject) {
            return !other.matches(subject);
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
    static boolean matches(List<Matcher> list, Subject subject) {
        boolean found = false;
        boolean sought = false;
        for (Matcher matcher : list) {
            if (matcher instanceof Not) {
                if (!matcher.matches(subject)) {
                    return false;
                }
            } else {
                sought = true;
                found = found || matcher.matches(subject);
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
        return list.stream().filter(Not.class::isInstance).map(m -> ((Not) m).other()).toList();
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
