// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ids of a user namespace with their ids outside of it, user_namespaces(7).
 *
 * @param fits whether the range must be shown whole: the ids inside make room for a single one, instead of losing the
 *     last one
 */
record IdRange(long inside, long outside, long count, boolean fits) {
    private static final long NONE = -1;
    private static final long MOST = 0xffffffffL;

    IdRange {
        if (inside < 0 || outside < 0 || count < 1 || inside + count > MOST || outside + count > MOST) {
            throw new IllegalArgumentException("ids go from 0 to " + (MOST - 1) + ", and there must be one at least");
        }
    }

    IdRange(long inside, long outside, long count) {
        this(inside, outside, count, false);
    }

    /** One id. */
    static IdRange one(long inside, long outside) {
        return new IdRange(inside, outside, 1);
    }

    private boolean has(IdRange one) {
        return (one.inside >= inside && one.inside < inside + count)
                || (one.outside >= outside && one.outside < outside + count);
    }

    /** All ranges, the single one first; its two ids are removed from the others. */
    static List<IdRange> around(Optional<IdRange> single, List<IdRange> ranges) {
        List<IdRange> all = new ArrayList<>();
        single.ifPresent(all::add);
        for (IdRange range : ranges) {
            long left = single.isPresent() && !range.fits && range.has(single.get()) ? range.count - 1 : range.count;
            range.without(
                    single.map(IdRange::inside).orElse(NONE),
                    single.map(IdRange::outside).orElse(NONE),
                    left,
                    all);
        }
        return all;
    }

    /** Pairs the ids of both sides in order, skipping one on each side. */
    private void without(long hereNot, long thereNot, long number, List<IdRange> into) {
        long here = inside;
        long there = outside;
        for (long left = number; left > 0; ) {
            here += here == hereNot ? 1 : 0;
            there += there == thereNot ? 1 : 0;
            long length = Math.min(left, Math.min(until(here, hereNot), until(there, thereNot)));
            into.add(new IdRange(here, there, length));
            here += length;
            there += length;
            left -= length;
        }
    }

    private static long until(long id, long hole) {
        return hole > id ? hole - id : Long.MAX_VALUE;
    }

    /** In the kernel's format. */
    static String text(List<IdRange> ranges) {
        StringBuilder text = new StringBuilder();
        for (IdRange range : ranges) {
            text.append(range.inside)
                    .append(' ')
                    .append(range.outside)
                    .append(' ')
                    .append(range.count)
                    .append('\n');
        }
        return text.toString();
    }
}
