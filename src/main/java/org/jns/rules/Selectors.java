// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.Glob;
import org.jns.model.Matcher;
import org.jns.model.Printable;
import org.jns.model.Subject;

/** Reads {@code only} and {@code except}. */
final class Selectors {

    static final List<String> KINDS = List.of("user:", "group:", "uid:", "service:");
    private static final String EXPECTED = " (expected user:NAME, group:NAME, uid:NUMBER, uid:FROM-TO or service:NAME)";

    private final Problems problems;

    private Selectors(Problems problems) {
        this.problems = problems;
    }

    static List<Matcher> read(StrictIni.Entry entry, Problems problems) {
        Selectors selectors = new Selectors(problems);
        List<Matcher> matchers = new ArrayList<>();
        for (Located item : Words.items(entry, problems)) {
            Matcher matcher = selectors.read(item);
            if (matcher != null) {
                matchers.add(matcher);
            }
        }
        return matchers;
    }

    /** Null after a problem. */
    private Matcher read(Located item) {
        int colon = item.text().indexOf(':');
        if (colon < 0) {
            problems.error(item.at(), "'" + Printable.of(item.text()) + "' is no selector" + EXPECTED);
            return null;
        }
        String kind = item.text().substring(0, colon + 1);
        Located value = new Located(item.text().substring(colon + 1), item.at(colon + 1));
        switch (kind) {
            case "user:":
                return isName(value, true) ? new Matcher.User(new Glob(value.text())) : null;
            case "service:":
                return isName(value, true) ? new Matcher.Service(new Glob(value.text())) : null;
            case "group:":
                return isName(value, false) ? new Matcher.Group(value.text()) : null;
            case "uid:":
                return uids(value);
            default:
                problems.error(item.at(), Words.unknown("selector", kind, KINDS));
                return null;
        }
    }

    /** A name that nobody can have is most often a forgotten comma, and would quietly select nobody. */
    private boolean isName(Located value, boolean patterns) {
        String text = value.text();
        if (text.isEmpty()) {
            problems.error(value.at(), "no name behind ':'");
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t') {
                problems.error(value.at(i), "blank in a name; separate selectors by commas");
                return false;
            }
            if (c == '/' || c == ':') {
                problems.error(value.at(i), "'" + c + "' cannot be part of a name");
                return false;
            }
            if (!patterns && (c == '*' || c == '?')) {
                problems.error(value.at(i), "a group is named in full, without '" + c + "'");
                return false;
            }
        }
        if ("-!~@".indexOf(text.charAt(0)) >= 0) {
            problems.error(value.at(), "a name does not begin with '" + text.charAt(0) + "'; for whom a rule is not goes into 'except'");
            return false;
        }
        return true;
    }

    private Matcher uids(Located value) {
        String text = value.text();
        int dash = text.indexOf('-');
        long from = Numbers.parse(dash < 0 ? text : text.substring(0, dash), Subject.MAX_ID);
        long to = dash < 0 ? from : Numbers.parse(text.substring(dash + 1), Subject.MAX_ID);
        if (from < 0 || to < 0) {
            problems.error(
                    value.at(), "'" + Printable.of(text) + "' is no uid: a number from 0 to " + Subject.MAX_ID + ", or two with '-' between them");
            return null;
        }
        if (from > to) {
            problems.error(value.at(), "uids from " + from + " to " + to + " are none; write the smaller one first");
            return null;
        }
        return new Matcher.UidRange(from, to);
    }
}
