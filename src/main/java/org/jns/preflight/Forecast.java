// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.Origin;
import org.jns.model.Position;
import org.jns.model.Printable;
import org.jns.model.Problem;

/**
 * The effects of rules on the logins of real users.
 *
 * @param refused logins that would be refused
 * @param unknown users about whom nothing could be found out, with the reasons
 * @param cannot features of the rules that this kernel lacks, for all users
 * @param tried how many logins were planned
 * @param left how many were not, because time ran out
 */
public record Forecast(
        List<Refused> refused, List<String> unknown, List<KernelTrial.Cannot> cannot, int tried, int left) {
    private static final String USUAL_SERVICE = "login";
    private static final int MOST_NAMED = 5;

    /** What a refusal says about the rules. */
    public enum Certainty {
        /** The rules cause it. */
        NEW,
        /** The rules in force refuse the same login. */
        AS_BEFORE,
        /** What is missing may be made before the user logs in, or nobody logs in to the account. */
        UNLIKELY,
        /** The settings require it: must-match. */
        MEANT
    }

    /** @param origin of the rule that causes it; empty if none does */
    public record Refused(String user, String service, Optional<Origin> origin, String why, Certainty certainty) {

        /** Whether the user would certainly be refused, unintentionally. */
        public boolean isCertain() {
            return certainty == Certainty.NEW || certainty == Certainty.AS_BEFORE;
        }

        /** {@code alice}, or {@code alice by sshd}. */
        public String who() {
            return Printable.of(user) + (service.equals(USUAL_SERVICE) ? "" : " by " + Printable.of(service));
        }
    }

    public Forecast {
        refused = List.copyOf(refused);
        unknown = List.copyOf(unknown);
        cannot = List.copyOf(cannot);
    }

    /** The users that the rules would newly lock out. */
    public List<Refused> shutOut() {
        return refused.stream().filter(one -> one.certainty() == Certainty.NEW).toList();
    }

    public boolean isGood() {
        return shutOut().isEmpty() && cannot.stream().allMatch(KernelTrial.Cannot::isAsBefore);
    }

    /** The first reason to refuse the rules, in one sentence. */
    public String objection() {
        List<Refused> shutOut = shutOut();
        if (shutOut.isEmpty()) {
            return cannot.stream()
                    .filter(one -> !one.isAsBefore())
                    .findFirst()
                    .map(KernelTrial.Cannot::text)
                    .orElse("");
        }
        Refused first = shutOut.get(0);
        String at = first.origin()
                .map(origin -> " (rule [" + origin.rule() + "] " + origin.at() + ")")
                .orElse("");
        return first.who() + " would be refused: " + first.why() + at;
    }

    /** What could not be found out, in one sentence; empty if nothing is unknown. */
    public String doubt() {
        if (unknown.isEmpty() && left == 0) {
            return "";
        }
        String rest = left == 0
                ? ""
                : "time was over before " + left + (left == 1 ? " login was" : " logins were") + " planned";
        String first = unknown.isEmpty()
                ? ""
                : unknown.get(0) + (unknown.size() == 1 ? "" : ", and " + (unknown.size() - 1) + " more");
        return "could not find out about everybody: " + first + (first.isEmpty() || rest.isEmpty() ? "" : "; ") + rest;
    }

    /**
     * One problem for each rule that causes a refusal.
     *
     * @param elsewhere the position for problems without a rule
     */
    public List<Problem> problems(Position elsewhere) {
        List<Problem> problems = new ArrayList<>();
        Map<List<Object>, List<Refused>> groups = new LinkedHashMap<>();
        for (Refused one : refused) {
            groups.computeIfAbsent(List.of(one.origin(), one.certainty()), key -> new ArrayList<>())
                    .add(one);
        }
        for (List<Refused> group : groups.values()) {
            Refused first = group.get(0);
            Position at = first.origin().map(Origin::at).orElse(elsewhere);
            problems.add(new Problem(
                    first.isCertain() ? Problem.Severity.ERROR : Problem.Severity.WARNING, at, words(group)));
        }
        cannot.forEach(one -> problems.add(one.problem()));
        if (!doubt().isEmpty()) {
            problems.add(Problem.warning(elsewhere, doubt()));
        }
        return problems;
    }

    private static String words(List<Refused> group) {
        Refused first = group.get(0);
        StringBuilder text =
                new StringBuilder(first.who()).append(" would be refused: ").append(first.why());
        for (int i = 1; i < group.size() && i <= MOST_NAMED; i++) {
            text.append(i == 1 ? "; so would " : ", ").append(group.get(i).who());
        }
        if (group.size() > MOST_NAMED + 1) {
            text.append(" and ").append(group.size() - MOST_NAMED - 1).append(" more");
        }
        if (first.certainty() == Certainty.UNLIKELY) {
            text.append(
                    "; this counts as no error, because it may be made before the first login, or nobody logs in there");
        }
        return text.toString();
    }
}
