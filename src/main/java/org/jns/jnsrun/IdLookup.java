// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.frontend.Front;
import org.jns.linux.NameService;
import org.jns.linux.Passwd;
import org.jns.recipe.Invocation;
import org.jns.recipe.Raw;

/** The machine as the caller sees it: users, groups, and which ids may be mapped. Each is read when it is needed. */
final class IdLookup {
    private static final String USUAL_SHELL = "/bin/sh";

    private final NameService names = new NameService();
    private final Front.Caller asking;

    IdLookup(Front.Caller asking) {
        this.asking = asking;
    }

    RunCaller caller(Invocation invocation) {
        Ids users = new Ids(
                "users",
                asking.uid(),
                this::userId,
                this::isCaller,
                "/etc/subuid",
                () -> text("/etc/subuid"),
                () -> text("/proc/self/uid_map"));
        Ids groups = new Ids(
                "groups",
                asking.gid(),
                this::groupId,
                this::isCaller,
                "/etc/subgid",
                () -> text("/etc/subgid"),
                () -> text("/proc/self/gid_map"));
        String shell =
                invocation.variable("SHELL").filter(name -> !name.isEmpty()).orElse(USUAL_SHELL);
        return new RunCaller(
                asking.uid(),
                asking.gid(),
                users,
                groups,
                this::account,
                account -> names.groupsOf(account.name(), account.gid()),
                shell);
    }

    private OptionalLong userId(String raw) {
        return names.user(Raw.read(raw))
                .map(entry -> OptionalLong.of(entry.uid()))
                .orElse(OptionalLong.empty());
    }

    private OptionalLong groupId(String raw) {
        return names.groupId(Raw.read(raw));
    }

    /** By name, or by number. */
    private Optional<Passwd> account(String raw) {
        return raw.matches("\\d{1,10}") ? names.user(Long.parseLong(raw)) : names.user(Raw.read(raw));
    }

    private boolean isCaller(String user) {
        return user.matches("\\d{1,10}")
                ? Long.parseLong(user) == asking.uid()
                : userId(Raw.of(user)).equals(OptionalLong.of(asking.uid()));
    }

    /** Empty if the file is missing or unreadable. */
    private static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }
}
