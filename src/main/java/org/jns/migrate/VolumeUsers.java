// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The users of a volume element, pam_mount.conf(5), "Simple user control" and "Extended user control". */
final class VolumeUsers {

    /** Numbers that strtoul(3) reads in base 0; pam_mount accepts only a whole text. */
    private static final String NUMBER = "0[xX][0-9a-fA-F]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9}";

    private static final Pattern RANGE = Pattern.compile("(" + NUMBER + ")(?:-(" + NUMBER + "))?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_.$@+-]*");
    private static final Condition ROOT = new Condition.Selector("uid:0");

    private static final List<String> ATTRIBUTES = List.of("user", "uid", "gid", "pgrp", "sgrp", "invert");

    /** No selector of a rule expresses the condition. */
    private static final class NoSelector extends Exception {
        private static final long serialVersionUID = 1L;

        NoSelector(String message) {
            super(message, null, false, false);
        }
    }

    private VolumeUsers() {}

    /** Empty if no rule can express it, with a remark on the line. */
    static Optional<Who> read(Xml.Element volume, ConfigLine line) {
        try {
            Optional<Who> who = condition(volume, line).who();
            if (who.isEmpty()) {
                line.lost(
                        "a rule is for those who match one of a list and none of another, and this condition cannot be said so");
            }
            return who;
        } catch (NoSelector e) {
            line.lost(e.getMessage());
            return Optional.empty();
        }
    }

    private static Condition condition(Xml.Element volume, ConfigLine line) throws NoSelector {
        if (volume.attributes().keySet().stream().anyMatch(ATTRIBUTES::contains)) {
            if (!volume.elements().isEmpty()) {
                line.warn(
                        "the conditions inside the element did nothing, because there are conditions among its attributes");
            }
            return simple(volume.attributes());
        }
        if (volume.content().isEmpty()) {
            return new Condition.All(List.of());
        }
        if (volume.elements().isEmpty()) {
            throw new NoSelector(
                    "there is something between <volume> and </volume>, but no condition: pam_mount mounts that for nobody");
        }
        return new Condition.All(parts(volume));
    }

    /** All of them must be true. Without a user attribute, the user must not be root either. */
    private static Condition simple(Map<String, String> attributes) throws NoSelector {
        List<Condition> parts = new ArrayList<>();
        String user = attributes.getOrDefault("user", "*");
        boolean namesNobody = user.equals("*");
        if (!namesNobody) {
            parts.add(name("user:", user));
        }
        if (attributes.containsKey("uid")) {
            Condition uids = uids(attributes.get("uid"));
            parts.add(uids);
            namesNobody = namesNobody
                    && uids instanceof Condition.Selector selector
                    && selector.text().matches("uid:0(-.*)?");
        }
        if (namesNobody) {
            parts.add(new Condition.Not(ROOT));
        }
        if (attributes.containsKey("gid") || attributes.containsKey("pgrp")) {
            throw primary();
        }
        if (attributes.containsKey("sgrp")) {
            parts.add(name("group:", attributes.get("sgrp")));
        }
        Condition all = new Condition.All(parts);
        return attributes.getOrDefault("invert", "0").matches("0*") ? all : new Condition.Not(all);
    }

    private static List<Condition> parts(Xml.Element element) throws NoSelector {
        List<Condition> parts = new ArrayList<>();
        for (Xml.Element part : element.elements()) {
            parts.add(extended(part));
        }
        return parts;
    }

    private static Condition extended(Xml.Element element) throws NoSelector {
        int count = element.elements().size();
        switch (element.name()) {
            case "and", "or" -> {
                require(count > 0, "<" + element.name() + "> is empty, so pam_mount mounts this for nobody");
                return element.name().equals("and")
                        ? new Condition.All(parts(element))
                        : new Condition.Any(parts(element));
            }
            case "xor" -> {
                require(count == 2, "<xor> has not two elements, so pam_mount mounts this for nobody");
                List<Condition> two = parts(element);
                return new Condition.All(List.of(new Condition.Any(two), new Condition.Not(new Condition.All(two))));
            }
            case "not" -> {
                require(count == 1, "<not> has not one element, so pam_mount mounts this for nobody");
                return new Condition.Not(parts(element).get(0));
            }
            case "uid" -> {
                return uids(element.text());
            }
            case "gid", "pgrp" -> throw primary();
            case "user", "sgrp" -> {
                return named(element);
            }
            default ->
                throw new NoSelector("<" + element.name() + "> is no condition, so pam_mount mounts this for nobody");
        }
    }

    private static Condition named(Xml.Element element) throws NoSelector {
        String kind = element.name().equals("user") ? "user:" : "group:";
        String text = element.text();
        if (isYes(element.attributes().getOrDefault("icase", ""))
                && !text.toLowerCase(Locale.ROOT).equals(text.toUpperCase(Locale.ROOT))) {
            throw new NoSelector("icase: in a rule capital letters matter");
        }
        if (!isYes(element.attributes().getOrDefault("regex", ""))) {
            return name(kind, text);
        }
        String pattern = glob(text);
        boolean literal = pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
        require(kind.equals("user:") || literal, "a rule names groups in full, without patterns");
        return new Condition.Selector(kind + pattern);
    }

    /** Turns a regular expression that has only letters, "." and ".*" into a pattern of a rule. */
    private static String glob(String regex) throws NoSelector {
        boolean start = regex.startsWith("^");
        boolean end = regex.endsWith("$");
        String body = regex.substring(start ? 1 : 0, Math.max(start ? 1 : 0, regex.length() - (end ? 1 : 0)));
        StringBuilder glob = new StringBuilder(start ? "" : "*");
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            char next = i + 1 < body.length() ? body.charAt(i + 1) : 0;
            if (c == '.' && next == '*') {
                glob.append('*');
                i++;
            } else if (c == '.' && "+?{".indexOf(next) < 0) {
                glob.append('?');
            } else if (c == '\\' && (next == '.' || next == '-')) {
                glob.append(next);
                i++;
            } else if ((Character.isLetterOrDigit(c) || c == '_' || c == '-')
                    && (next == 0 || "*+?{".indexOf(next) < 0)) {
                glob.append(c);
            } else {
                throw new NoSelector(
                        "the regular expression '" + regex + "' is more than the * and ? of a rule can say");
            }
        }
        String pattern = glob.append(end ? "" : "*").toString().replaceAll("\\*+", "*");
        require(!pattern.isEmpty(), "an empty name is nobody's");
        return pattern;
    }

    private static Condition uids(String text) throws NoSelector {
        Matcher range = RANGE.matcher(text);
        require(
                range.matches(),
                "uid '" + text + "' is neither a number nor two with a hyphen, so pam_mount mounts this for nobody");
        long from = Long.decode(range.group(1));
        long to = range.group(2) == null ? from : Long.decode(range.group(2));
        return from > to
                ? new Condition.Nobody()
                : new Condition.Selector("uid:" + from + (from == to ? "" : "-" + to));
    }

    private static Condition name(String kind, String name) throws NoSelector {
        require(NAME.matcher(name).matches(), "'" + name + "' cannot be written as a name in a rule");
        return new Condition.Selector(kind + name);
    }

    private static NoSelector primary() {
        return new NoSelector(
                "a rule cannot ask for the primary group alone; group:NAME is for primary and supplementary groups");
    }

    private static void require(boolean isSo, String otherwise) throws NoSelector {
        if (!isSo) {
            throw new NoSelector(otherwise);
        }
    }

    private static boolean isYes(String value) {
        return value.equalsIgnoreCase("yes")
                || value.equalsIgnoreCase("on")
                || value.equalsIgnoreCase("true")
                || value.equals("1");
    }
}
