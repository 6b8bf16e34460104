// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.Glob;
import org.jns.model.Matcher;
import org.jns.model.Printable;
import org.jns.model.Subject;
import org.jns.rules.ini.Numbers;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Reads a list of selectors. */
final class Selectors {

    static final List<String> KINDS = List.of("user:", "group:", "uid:", "gid:", "shell:", "service:", "tty:");
    private static final String EXPECTED =
            " (expected user:NAME, group:NAME, uid:NUMBER, uid:FROM-TO, gid:NUMBER, gid:FROM-TO, shell:PATH, service:NAME or tty:NAME)";

    /** The characters that may be part of a name. */
    private enum Letters {
        FULL_NAME,
        PATTERN,
        PATTERN_OF_PATH
    }

    private final Problems problems;

    private Selectors(Problems problems) {
        this.problems = problems;
    }

    static List<Matcher> read(StrictIni.Entry entry, Problems problems) {
        Selectors selectors = new Selectors(problems);
        List<Matcher> matchers = new ArrayList<>();
        int errorsBefore = problems.errors();
        for (SourceSpan item : Words.items(entry, problems)) {
            boolean not = item.text().startsWith("!");
            Matcher matcher = selectors.read(not ? new SourceSpan(item.text().substring(1), item.at(1)) : item);
            if (matcher != null) {
                matchers.add(not ? new Matcher.Not(matcher) : matcher);
            }
        }
        if (problems.errors() == errorsBefore && !matchers.isEmpty() && Coverage.isForNobody(matchers)) {
            problems.error(entry.value().at(), "nobody can match this list: a '!' excludes everyone that it includes");
        }
        return matchers;
    }

    /** Null after a problem. */
    private Matcher read(SourceSpan item) {
        int colon = item.text().indexOf(':');
        if (colon < 0) {
            problems.error(item.at(), "'" + Printable.of(item.text()) + "' is no selector" + EXPECTED);
            return null;
        }
        String kind = item.text().substring(0, colon + 1);
        SourceSpan value = new SourceSpan(item.text().substring(colon + 1), item.at(colon + 1));
        switch (kind) {
            case "user:":
                return isName(value, Letters.PATTERN) ? new Matcher.User(new Glob(value.text())) : null;
            case "service:":
                return isName(value, Letters.PATTERN) ? new Matcher.Service(new Glob(value.text())) : null;
            case "group:":
                return isName(value, Letters.FULL_NAME) ? new Matcher.Group(value.text()) : null;
            case "tty:":
                return isName(value, Letters.PATTERN_OF_PATH) ? new Matcher.Tty(new Glob(value.text())) : null;
            case "shell:":
                return isName(value, Letters.PATTERN_OF_PATH) && isPath(value)
                        ? new Matcher.Shell(new Glob(value.text()))
                        : null;
            case "uid:":
                long[] uids = range(value, "uid");
                return uids == null ? null : new Matcher.UidRange(uids[0], uids[1]);
            case "gid:":
                long[] gids = range(value, "gid");
                return gids == null ? null : new Matcher.GidRange(gids[0], gids[1]);
            default:
                problems.error(item.at(), Words.unknown("selector", kind, KINDS));
                return null;
        }
    }

    /** An impossible name is usually a forgotten comma, and would silently select nobody. */
    private boolean isName(SourceSpan value, Letters letters) {
        String text = value.text();
        if (text.isEmpty()) {
            problems.error(value.at(), "no name after ':'");
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t') {
                problems.error(value.at(i), "blank in a name; separate selectors by commas");
                return false;
            }
            if (letters != Letters.PATTERN_OF_PATH && (c == '/' || c == ':')) {
                problems.error(value.at(i), "'" + c + "' cannot be part of a name");
                return false;
            }
            if (letters == Letters.FULL_NAME && (c == '*' || c == '?')) {
                problems.error(value.at(i), "a group is named in full, without '" + c + "'");
                return false;
            }
        }
        if ("-!~@".indexOf(text.charAt(0)) >= 0) {
            problems.error(
                    value.at(),
                    "a name does not begin with '" + text.charAt(0)
                            + "'; to exclude somebody, write '!' before the whole selector, or use 'except'");
            return false;
        }
        return true;
    }

    /** A shell without its folder matches no user. */
    private boolean isPath(SourceSpan value) {
        if (value.text().startsWith("/") || value.text().startsWith("*")) {
            return true;
        }
        String text = Printable.of(value.text());
        problems.error(value.at(), "'" + text + "' is no absolute path; write it in full, or shell:*/" + text);
        return false;
    }

    /** Null after a problem. */
    private long[] range(SourceSpan value, String what) {
        String text = value.text();
        int dash = text.indexOf('-');
        long from = Numbers.parse(dash < 0 ? text : text.substring(0, dash), Subject.MAX_ID);
        long to = dash < 0 ? from : Numbers.parse(text.substring(dash + 1), Subject.MAX_ID);
        if (from < 0 || to < 0) {
            problems.error(
                    value.at(),
                    "'" + Printable.of(text) + "' is no " + what + ": a number from 0 to " + Subject.MAX_ID
                            + ", or two with '-' between them");
            return null;
        }
        if (from > to) {
            problems.error(
                    value.at(), what + "s from " + from + " to " + to + " are none; write the smaller one first");
            return null;
        }
        return new long[] {from, to};
    }
}
