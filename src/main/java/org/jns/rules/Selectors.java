// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            Optional<Matcher> matcher =
                    selectors.read(not ? new SourceSpan(item.text().substring(1), item.at(1)) : item);
            if (matcher.isPresent()) {
                matchers.add(not ? new Matcher.Not(matcher.get()) : matcher.get());
            }
        }
        if (problems.errors() == errorsBefore && !matchers.isEmpty() && Coverage.isForNobody(matchers)) {
            problems.error(entry.value().at(), "nobody can match this list: a '!' excludes everyone that it includes");
        }
        return matchers;
    }

    /** Empty after a problem. */
    private Optional<Matcher> read(SourceSpan item) {
        int colon = item.text().indexOf(':');
        if (colon < 0) {
            problems.error(item.at(), "'" + Printable.of(item.text()) + "' is no selector" + EXPECTED);
            return Optional.empty();
        }
        String kind = item.text().substring(0, colon + 1);
        SourceSpan value = new SourceSpan(item.text().substring(colon + 1), item.at(colon + 1));
        Optional<Matcher> none = Optional.empty();
        return switch (kind) {
            case "user:" ->
                isName(value, Letters.PATTERN) ? Optional.of(new Matcher.User(new Glob(value.text()))) : none;
            case "service:" ->
                isName(value, Letters.PATTERN) ? Optional.of(new Matcher.Service(new Glob(value.text()))) : none;
            case "group:" -> isName(value, Letters.FULL_NAME) ? Optional.of(new Matcher.Group(value.text())) : none;
            case "tty:" ->
                isName(value, Letters.PATTERN_OF_PATH) ? Optional.of(new Matcher.Tty(new Glob(value.text()))) : none;
            case "shell:" ->
                isName(value, Letters.PATTERN_OF_PATH) && isPath(value)
                        ? Optional.of(new Matcher.Shell(new Glob(value.text())))
                        : none;
            case "uid:" -> {
                Optional<long[]> uids = range(value, "uid");
                yield uids.isPresent() ? Optional.of(new Matcher.UidRange(uids.get()[0], uids.get()[1])) : none;
            }
            case "gid:" -> {
                Optional<long[]> gids = range(value, "gid");
                yield gids.isPresent() ? Optional.of(new Matcher.GidRange(gids.get()[0], gids.get()[1])) : none;
            }
            default -> {
                problems.error(item.at(), Words.unknown("selector", kind, KINDS));
                yield none;
            }
        };
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

    /** Empty after a problem. */
    private Optional<long[]> range(SourceSpan value, String what) {
        String text = value.text();
        int dash = text.indexOf('-');
        long from = Numbers.parse(dash < 0 ? text : text.substring(0, dash), Subject.MAX_ID);
        long to = dash < 0 ? from : Numbers.parse(text.substring(dash + 1), Subject.MAX_ID);
        if (from < 0 || to < 0) {
            problems.error(
                    value.at(),
                    "'" + Printable.of(text) + "' is no " + what + ": a number from 0 to " + Subject.MAX_ID
                            + ", or two with '-' between them");
            return Optional.empty();
        }
        if (from > to) {
            problems.error(
                    value.at(), what + "s from " + from + " to " + to + " are none; write the smaller one first");
            return Optional.empty();
        }
        return Optional.of(new long[] {from, to});
    }
}
