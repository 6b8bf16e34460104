// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jns.model.Position;
import org.jns.model.Problem;

/** Collects the errors and warnings of one file. */
public final class Problems {

    /** A garbage file has a problem for each byte; more of them than this would fill the journal and the heap. */
    static final int MAX_SHOWN = 200;

    private final List<Problem> shown = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set with the first that is left out
    private Position firstLeftOut;

    private int leftOut;
    private int errors;

    public void error(Position at, String message) {
        errors++;
        add(Problem.error(at, message));
    }

    public void warning(Position at, String message) {
        add(Problem.warning(at, message));
    }

    private void add(Problem problem) {
        if (shown.size() < MAX_SHOWN) {
            shown.add(problem);
            return;
        }
        if (leftOut++ == 0) {
            firstLeftOut = problem.at();
        }
    }

    /** How many errors were reported so far. */
    public int errors() {
        return errors;
    }

    public List<Problem> inFileOrder() {
        return inFileOrder(List.of());
    }

    /** All problems, including those that an earlier stage found in the same file. */
    public List<Problem> inFileOrder(List<Problem> earlier) {
        List<Problem> all = new ArrayList<>(earlier);
        all.addAll(shown);
        if (leftOut > 0) {
            all.add(Problem.error(firstLeftOut, "more problems are not shown: " + leftOut));
        }
        if (all.isEmpty()) {
            // The normal case, also at a login: no reason to load the classes for sorting.
            return List.of();
        }
        all.sort(Comparator.comparingInt((Problem p) -> p.at().line()).thenComparingInt(p -> p.at().column()));
        return all;
    }
}
