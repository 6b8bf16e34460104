// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Which ids the caller can map, from the contents of files.
 *
 * @param own the caller's id of this type
 * @param byName looks an id of this type up
 * @param what users or groups
 * @param isCaller whether a user, by name or number, is the caller
 * @param file the file with subordinate ids
 * @param table its content, subuid(5) or subgid(5)
 * @param map of the caller's user namespace, as in /proc/self/uid_map
 */
record Ids(
        String what,
        long own,
        Function<String, OptionalLong> byName,
        Predicate<String> isCaller,
        String file,
        Supplier<String> table,
        Supplier<String> map) {

    /** The id inside that the caller's own id becomes. */
    long inside(IdRequest request) throws Refused {
        if (request instanceof IdRequest.Named named) {
            OptionalLong id = byName.apply(named.name());
            return id.orElseThrow(() -> new Refused(
                    "cannot map " + what + ": there is none called " + named.name() + " (" + named.option() + ")"));
        }
        return request instanceof IdRequest.Single single ? single.inside() : own;
    }

    /** The caller's first range. */
    IdRange subordinate(boolean same) throws Refused {
        for (String line : table.get().split("\n")) {
            String[] fields = line.trim().split(":");
            if (fields.length != 3 || !isCaller.test(fields[0])) {
                continue;
            }
            try {
                long first = Long.parseLong(fields[1]);
                return same
                        ? new IdRange(first, first, Long.parseLong(fields[2]))
                        : new IdRange(0, first, Long.parseLong(fields[2]), true);
            } catch (IllegalArgumentException e) {
                throw new Refused("cannot map " + what + ": the line '" + line + "' of " + file
                        + " is wrong; write USER:FIRST:COUNT");
            }
        }
        throw new Refused("cannot map " + what + ": " + file
                + " has none for you; let root add a line USER:FIRST:COUNT, see usermod(8)");
    }

    /** The ids of the caller's user namespace, each mapped to itself. */
    List<IdRange> all() throws Refused {
        List<IdRange> all = new ArrayList<>();
        for (String line : map.get().split("\n")) {
            String[] fields = line.trim().split(" +");
            if (fields.length == 3) {
                long first = Long.parseLong(fields[0]);
                all.add(new IdRange(first, first, Math.min(Long.parseLong(fields[2]), 0xffffffffL - first)));
            }
        }
        if (all.isEmpty()) {
            throw new Refused("cannot map " + what + ": there are none in this user namespace");
        }
        return all;
    }
}
