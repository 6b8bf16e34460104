// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * Who gets in without a view, and whose the views are: the part of the settings that decides about logins.
 *
 * @param mustMatch who is refused unless a rule is for them; empty: nobody
 * @param allowOnError who gets in where the view cannot be made, unless the rule at fault says otherwise; empty: nobody
 * @param sharing whose a view is, unless a rule says otherwise
 * @param entrance who may enter a view from outside, unless a rule says otherwise
 * @param rootGoesToHost whether root, for whom no rule is, comes out of a user's view to the host's; if not, root stays in it
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
