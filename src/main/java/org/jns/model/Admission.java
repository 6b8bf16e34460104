// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * The part of the settings that decides about logins: which users get in without a view, and which sessions share one.
 *
 * @param mustMatch users who are refused unless a rule applies to them; empty: none
 * @param allowOnError users who get in if the view cannot be made, unless the failed rule says otherwise; empty: none
 * @param sharing which sessions share a view, unless a rule says otherwise
 * @param entrance who may enter a view from outside, unless a rule says otherwise
 * @param rootGoesToHost whether root, if no rule applies, returns from a user's view to the host's; if not, root stays
 *     in it
 */
public record Admission(
        List<Matcher> mustMatch,
        List<Matcher> allowOnError,
        Sharing sharing,
        Entrance entrance,
        boolean rootGoesToHost) {

    public static final Admission NONE = new Admission(List.of(), List.of());

    public Admission {
        mustMatch = List.copyOf(mustMatch);
        allowOnError = List.copyOf(allowOnError);
    }

    public Admission(List<Matcher> mustMatch, List<Matcher> allowOnError) {
        this(mustMatch, allowOnError, Sharing.USER, false);
    }

    public Admission(List<Matcher> mustMatch, List<Matcher> allowOnError, Sharing sharing, boolean rootGoesToHost) {
        this(mustMatch, allowOnError, sharing, Entrance.ROOT, rootGoesToHost);
    }

    public boolean mustMatch(Subject subject) {
        return !mustMatch.isEmpty() && Matcher.matches(mustMatch, subject, Matcher.Reading.BINDS_PERHAPS);
    }

    public boolean allowsOnError(Subject subject) {
        return !allowOnError.isEmpty() && Matcher.matches(allowOnError, subject, Matcher.Reading.FREES);
    }

    public List<List<Matcher>> lists() {
        return List.of(mustMatch, allowOnError);
    }
}
