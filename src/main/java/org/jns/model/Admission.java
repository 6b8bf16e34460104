// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.List;

/**
 * Who gets in without a view: the part of the settings that decides about logins.
 *
 * @param mustMatch who is refused unless a rule is for them; empty: nobody
 * @param allowOnError who gets in where the view cannot be made, unless the rule at fault says otherwise; empty: nobody
 */
public record Admission(List<Matcher> mustMatch, List<Matcher> allowOnError) {

    public static final Admission NONE = new Admission(List.of(), List.of());

    public Admission {
        mustMatch = List.copyOf(mustMatch);
        allowOnError = List.copyOf(allowOnError);
    }

    public boolean mustMatch(Subject subject) {
        return !mustMatch.isEmpty() && Matcher.matches(mustMatch, subject);
    }

    public boolean allowsOnError(Subject subject) {
        return !allowOnError.isEmpty() && Matcher.matches(allowOnError, subject);
    }

    public List<List<Matcher>> lists() {
        return List.of(mustMatch, allowOnError);
    }
}
