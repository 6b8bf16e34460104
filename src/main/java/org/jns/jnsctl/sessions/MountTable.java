// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jns.model.AbsPath;

/** The mounts that a process sees, from its mountinfo, proc(5). */
record MountTable(List<Entry> entries) {
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    /**
     * @param parent id of the mount that contains it
     * @param source in the words of its file system: a device, or any text
     */
    record Entry(int id, int parent, AbsPath point, String type, String source) {}

    /** Skips invalid lines. */
    static MountTable parse(String mountinfo) {
        List<Entry> entries = new ArrayList<>();
        for (String line : mountinfo.split("\n")) {
            String[] fields = line.split(" ");
            int dash = List.of(fields).indexOf("-");
            if (dash < 6 || fields.length < dash + 3) {
                continue;
            }
            try {
                AbsPath point = AbsPath.of(plain(fields[4]));
                entries.add(new Entry(
                        Integer.parseInt(fields[0]),
                        Integer.parseInt(fields[1]),
                        point,
                        fields[dash + 1],
                        plain(fields[dash + 2])));
            } catch (IllegalArgumentException e) {
                continue;
            }
        }
        return new MountTable(entries);
    }

    /** The kernel writes blanks and the like as three octal digits. */
    private static String plain(String field) {
        String bytes = ESCAPE.matcher(field)
                .replaceAll(m -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(m.group(1), 8))));
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /**
     * The mount that shows the path; empty if the table has no root. Mounts that are covered by a mount on a parent
     * folder are skipped.
     */
    Optional<Entry> showing(AbsPath path) {
        Optional<Entry> found =
                entries.stream().filter(this::isRoot).findFirst().map(this::topmost);
        if (found.isEmpty()) {
            return found;
        }
        Entry here = found.get();
        AbsPath walked = AbsPath.of("/");
        for (String name : path.components()) {
            walked = walked.child(name);
            for (Optional<Entry> next = on(here, walked); next.isPresent(); next = on(here, walked)) {
                here = next.get();
            }
        }
        return Optional.of(here);
    }

    @SuppressWarnings("ReferenceEquality") // faster, and no two entries are equal
    private boolean isRoot(Entry entry) {
        return entry.point().isRoot()
                && entries.stream().noneMatch(other -> other.id() == entry.parent() && other != entry);
    }

    private Entry topmost(Entry lowest) {
        Entry here = lowest;
        for (Optional<Entry> next = on(here, here.point()); next.isPresent(); next = on(here, here.point())) {
            here = next.get();
        }
        return here;
    }

    @SuppressWarnings("ReferenceEquality") // as above
    private Optional<Entry> on(Entry mount, AbsPath point) {
        return entries.stream()
                .filter(entry -> entry.parent() == mount.id()
                        && entry != mount
                        && entry.point().equals(point))
                .findFirst();
    }
}
