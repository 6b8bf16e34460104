// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jns.Nullable;
import org.jns.model.HidePid;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.Printable;
import org.jns.model.Subject;
import org.jns.rules.ini.Numbers;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Reads the {@code options} of one rule. */
final class RuleOptions {

    static final List<String> FLAGS = List.of("ro", "nosuid", "nodev", "noexec", "nosymfollow");
    static final List<String> LIMITS = List.of("size=", "nr_inodes=");
    static final List<String> OWNERSHIP = List.of("mode=", "uid=", "gid=");
    static final List<String> PROC = List.of("hidepid=", "subset=");

    /** The values of the options; each is the default if the rule does not set it. */
    record Read(MountOptions mount, Optional<HidePid> hidePid, boolean onlyPids) {

        static final Read NONE = new Read(MountOptions.NONE, Optional.empty(), false);
    }

    private static final String SUFFIXES = "KMGT";

    private final @Nullable Action action;
    private final Problems problems;
    private MountFlags flags = MountFlags.NONE;
    private OptionalLong size = OptionalLong.empty();
    private OptionalLong inodes = OptionalLong.empty();
    private OptionalInt mode = OptionalInt.empty();
    private OptionalLong uid = OptionalLong.empty();
    private OptionalLong gid = OptionalLong.empty();
    private Optional<HidePid> hidePid = Optional.empty();
    private boolean onlyPids;

    private RuleOptions(@Nullable Action action, Problems problems) {
        this.action = action;
        this.problems = problems;
    }

    /** @param action null if the rule's action is unknown: then every option is accepted */
    static Read read(StrictIni.Entry entry, @Nullable Action action, Problems problems) {
        RuleOptions options = new RuleOptions(action, problems);
        Set<String> seen = new HashSet<>();
        for (SourceSpan item : Words.items(entry, problems)) {
            int equals = item.text().indexOf('=');
            String name = item.text().substring(0, equals + 1);
            String word = equals < 0 ? item.text() : name;
            if (!options.isAllowed(item, word)) {
                continue;
            }
            if (!seen.add(word)) {
                problems.error(item.at(), "option '" + word + "' is given twice");
            } else if (equals < 0) {
                options.flags = options.flags.plus(MountFlags.named(word));
            } else {
                options.value(name, new SourceSpan(item.text().substring(equals + 1), item.at(equals + 1)));
            }
        }
        MountOptions mount =
                new MountOptions(options.flags, options.size, options.inodes, options.mode, options.uid, options.gid);
        return new Read(mount, options.hidePid, options.onlyPids);
    }

    private boolean isAllowed(SourceSpan item, String word) {
        List<String> known = new ArrayList<>(FLAGS);
        known.addAll(LIMITS);
        known.addAll(OWNERSHIP);
        known.addAll(PROC);
        List<String> expected = action == null ? known : action.options();
        if (expected.contains(word)) {
            return true;
        }
        if (action != null && expected.isEmpty()) {
            problems.error(
                    item.at(),
                    "'" + Printable.of(word) + "' does not go with action '" + action.word()
                            + "', which takes no options");
        } else if (action != null && known.contains(word)) {
            problems.error(
                    item.at(),
                    "'" + word + "' does not go with action '" + action.word() + "' (only with "
                            + String.join(", ", Action.wordsOfThoseWith(word)) + ")");
        } else if (known.contains(word + "=")) {
            problems.error(item.at(), "option '" + word + "' needs a value: write " + word + "=VALUE, without blanks");
        } else {
            problems.error(item.at(), Words.unknown("option", word, expected));
        }
        return false;
    }

    private void value(String name, SourceSpan value) {
        switch (name) {
            case "size=" -> size = size(value);
            case "nr_inodes=" -> inodes = positive(value);
            case "mode=" -> mode = Numbers.mode(value, "mode=0755", problems);
            case "uid=" -> uid = id(value);
            case "gid=" -> gid = id(value);
            case "hidepid=" -> hidePid = hidePid(value);
            case "subset=" -> onlyPids = isPid(value);
            default -> throw new IllegalStateException("no such option: " + name);
        }
    }

    private OptionalLong size(SourceSpan value) {
        String text = value.text();
        int suffix = text.isEmpty() ? -1 : SUFFIXES.indexOf(text.charAt(text.length() - 1));
        int shift = 10 * (suffix + 1);
        long number = Numbers.parse(suffix < 0 ? text : text.substring(0, text.length() - 1), Long.MAX_VALUE >> shift);
        // To the kernel a size of 0 means no limit: tmpfs(5).
        if (number <= 0) {
            problems.error(
                    value.at(),
                    "'" + Printable.of(text) + "' is no size: a number above 0, optionally followed by K, M, G or T");
            return OptionalLong.empty();
        }
        return OptionalLong.of(number << shift);
    }

    private OptionalLong positive(SourceSpan value) {
        long number = Numbers.parse(value.text(), Integer.MAX_VALUE);
        if (number <= 0) {
            problems.error(
                    value.at(),
                    "'" + Printable.of(value.text()) + "' is no number of files: from 1 to " + Integer.MAX_VALUE);
            return OptionalLong.empty();
        }
        return OptionalLong.of(number);
    }

    private Optional<HidePid> hidePid(SourceSpan value) {
        List<String> words = new ArrayList<>();
        for (HidePid hidePid : HidePid.values()) {
            words.add(hidePid.word());
            if (hidePid.word().equals(value.text())) {
                return Optional.of(hidePid);
            }
        }
        problems.error(value.at(), Words.unknown("value", value.text(), words));
        return Optional.empty();
    }

    private boolean isPid(SourceSpan value) {
        if (!value.text().equals("pid")) {
            problems.error(value.at(), Words.unknown("value", value.text(), List.of("pid")));
        }
        return true;
    }

    private OptionalLong id(SourceSpan value) {
        long number = Numbers.parse(value.text(), Subject.MAX_ID);
        if (number < 0) {
            problems.error(
                    value.at(), "'" + Printable.of(value.text()) + "' is no id: a number from 0 to " + Subject.MAX_ID);
            return OptionalLong.empty();
        }
        return OptionalLong.of(number);
    }
}
