// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An option about the ids of the user namespace, of users or groups. */
sealed interface IdRequest {

    /** The caller's own id becomes that one; the last of several counts. */
    record Single(long inside) implements IdRequest {}

    /** The caller's own id, mapped to itself. */
    record Own() implements IdRequest {}

    /** Like {@link Single}, with a name that must be looked up. */
    record Named(String option, String name) implements IdRequest {}

    /** A range that the command line contains. */
    record Written(IdRange range) implements IdRequest {}

    /** The caller's first range of subordinate ids, subuid(5). */
    record Subordinate(boolean same) implements IdRequest {}

    /** Every existing id, mapped to itself. */
    record All() implements IdRequest {}

    Pattern INSIDE_FIRST = Pattern.compile("(\\d{1,10}):(\\d{1,10}):(\\d{1,10})");
    Pattern OUTSIDE_FIRST = Pattern.compile("(\\d{1,10}),(\\d{1,10}),(\\d{1,10})");

    /**
     * The value of --map-users or --map-groups.
     *
     * @throws IllegalArgumentException if it is invalid
     */
    static IdRequest of(String text) {
        return switch (text) {
            case "auto" -> new Subordinate(false);
            case "subids" -> new Subordinate(true);
            case "all" -> new All();
            default -> written(text);
        };
    }

    private static Written written(String text) {
        Matcher inside = INSIDE_FIRST.matcher(text);
        Matcher outside = OUTSIDE_FIRST.matcher(text);
        if (inside.matches()) {
            return new Written(range(inside.group(1), inside.group(2), inside.group(3)));
        }
        if (outside.matches()) {
            return new Written(range(outside.group(2), outside.group(1), outside.group(3)));
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no range of ids; write INSIDE:OUTSIDE:COUNT, auto, subids or all");
    }

    /** The value of --map-user or --map-group. */
    static IdRequest named(String option, String text) {
        return text.matches("\\d{1,10}") ? new Single(Long.parseLong(text)) : new Named(option, text);
    }

    private static IdRange range(String inside, String outside, String count) {
        return new IdRange(Long.parseLong(inside), Long.parseLong(outside), Long.parseLong(count));
    }

    /** Whether the caller's own id would become several. */
    static boolean isSplit(List<IdRequest> requests) {
        return requests.stream()
                        .filter(request ->
                                request instanceof Single || request instanceof Own || request instanceof Named)
                        .distinct()
                        .count()
                > 1;
    }

    /** Whether they need more than the caller's own id, so that another process must write the mapping. */
    static boolean isMore(List<IdRequest> requests) {
        return requests.stream()
                .anyMatch(request ->
                        request instanceof Written || request instanceof Subordinate || request instanceof All);
    }

    /**
     * The ranges to write; none without options.
     *
     * @throws Refused if the caller does not have these ids
     */
    static List<IdRange> ranges(List<IdRequest> requests, Ids ids) throws Refused {
        List<IdRange> ranges = new ArrayList<>();
        Optional<IdRange> single = Optional.empty();
        for (IdRequest request : requests) {
            if (request instanceof Written written) {
                ranges.add(0, written.range);
            } else if (request instanceof Subordinate subordinate) {
                ranges.add(0, ids.subordinate(subordinate.same));
            } else if (request instanceof All) {
                ids.all().forEach(range -> ranges.add(0, range));
            } else {
                single = Optional.of(IdRange.one(ids.inside(request), ids.own()));
            }
        }
        return IdRange.around(single, ranges);
    }
}
