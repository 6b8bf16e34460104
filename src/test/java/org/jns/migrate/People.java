// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jns.rules.ini.RulesSource;

/** The users of these tests, and imports with them. */
final class People implements Accounts {

    private static final Set<String> USERS = Set.of("root", "adm", "alice", "bob");
    private static final Set<String> GROUPS = Set.of("root", "staff", "students");

    @Override
    public boolean hasUser(String name) {
        return USERS.contains(name);
    }

    @Override
    public boolean hasGroup(String name) {
        return GROUPS.contains(name);
    }

    @Override
    public boolean hasFile(String path) {
        return !path.startsWith("/gone/");
    }

    @Override
    public boolean isOpenToUsers(String folder) {
        return folder.equals("/srv/of-users");
    }

    @Override
    public boolean hasSelinux() {
        return true;
    }

    static Imported read(String name, byte[] bytes) {
        return Importer.read(List.of(new RulesSource(name, bytes)), Format::of, new People());
    }

    static Imported read(String text) {
        return read("x", text.getBytes(StandardCharsets.UTF_8));
    }
}
