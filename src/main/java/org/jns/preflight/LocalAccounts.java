// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jns.model.Subject;
import org.jns.model.UserName;

/**
 * The users and groups of {@code /etc/passwd} and {@code /etc/group}, passwd(5) and group(5). Read as files, because
 * ten thousand look-ups by name would read the file ten thousand times. Invalid lines are skipped, as the C library
 * does.
 */
final class LocalAccounts {
    static final Path ETC = Path.of("/etc");
    private static final int PASSWD_FIELDS = 7;
    private static final int GROUP_FIELDS = 4;

    private final Map<String, Long> groups = new HashMap<>();
    private final Map<String, Set<Long>> gidsOf = new HashMap<>();
    private final Map<String, Account> accounts = new LinkedHashMap<>();

    private LocalAccounts() {}

    /** An unreadable file has no entries. */
    static LocalAccounts read(Path etc) {
        LocalAccounts local = new LocalAccounts();
        local.eachLine(etc.resolve("group"), local::group);
        local.eachLine(etc.resolve("passwd"), local::account);
        return local;
    }

    private void eachLine(Path file, Consumer<String[]> reader) {
        // Invalid UTF-8 must not end the reading.
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.accept(
                        new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).split(":", -1));
            }
        } catch (IOException e) {
            accounts.clear();
        }
    }

    private void group(String[] fields) {
        OptionalLong gid = fields.length == GROUP_FIELDS ? id(fields[2]) : OptionalLong.empty();
        if (gid.isPresent() && groups.putIfAbsent(fields[0], gid.getAsLong()) == null && !fields[3].isEmpty()) {
            for (String member : fields[3].split(",")) {
                gidsOf.computeIfAbsent(member, name -> new HashSet<>()).add(gid.getAsLong());
            }
        }
    }

    private void account(String[] fields) {
        OptionalLong uid = fields.length == PASSWD_FIELDS ? id(fields[2]) : OptionalLong.empty();
        OptionalLong gid = fields.length == PASSWD_FIELDS ? id(fields[3]) : OptionalLong.empty();
        if (uid.isPresent() && gid.isPresent() && isName(fields[0])) {
            Set<Long> gids = new HashSet<>(gidsOf.getOrDefault(fields[0], Set.of()));
            gids.add(gid.getAsLong());
            accounts.putIfAbsent(
                    fields[0], new Account(fields[0], uid.getAsLong(), gid.getAsLong(), fields[5], fields[6], gids));
        }
    }

    private static boolean isName(String name) {
        try {
            UserName.check(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static OptionalLong id(String text) {
        boolean fits = text.matches("[0-9]{1,10}") && Long.parseLong(text) <= Subject.MAX_ID;
        return fits ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    List<Account> all() {
        return new ArrayList<>(accounts.values());
    }

    Optional<Account> named(String name) {
        return Optional.ofNullable(accounts.get(name));
    }

    OptionalLong groupId(String name) {
        return groups.containsKey(name) ? OptionalLong.of(groups.get(name)) : OptionalLong.empty();
    }

    /** The name of a group; empty if it is not local. */
    Optional<String> groupName(long gid) {
        return groups.entrySet().stream()
                .filter(entry -> entry.getValue() == gid)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
