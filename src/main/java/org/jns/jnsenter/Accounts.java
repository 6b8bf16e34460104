// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.linux.NameService;
import org.jns.linux.Passwd;
import org.jns.recipe.Raw;

/** Looks up names and numbers of users and groups in the host's user database. */
final class Accounts {
    private static final long NO_ID = 0xffffffffL;

    private final NameService names;

    Accounts(NameService names) {
        this.names = names;
    }

    /** A user of whom only the number is known. */
    static Account unnamed(long uid) {
        return new Account("", uid, 0, List.of(), "", "");
    }

    /** The user with that number, or one without a name or groups if nobody has it. */
    Account numbered(long uid) {
        Optional<Passwd> entry = names.user(uid);
        return entry.isPresent() ? of(entry.get()) : unnamed(uid);
    }

    private Account of(Passwd entry) {
        return new Account(
                entry.name(),
                entry.uid(),
                entry.gid(),
                names.groupsOf(entry.name(), entry.gid()),
                entry.home(),
                entry.shell());
    }

    Account named(String name) throws Misuse {
        Optional<Passwd> entry = names.user(name);
        if (entry.isEmpty()) {
            throw new Misuse("there is no user " + name);
        }
        return of(entry.get());
    }

    /**
     * @param text raw: a number or a name
     * @param isForeign whether the number belongs to another user namespace, and says nothing about users here
     */
    Account of(String text, boolean isForeign) throws Misuse {
        OptionalLong number = number(text);
        if (number.isEmpty()) {
            return named(Raw.read(text));
        }
        return isForeign ? unnamed(number.getAsLong()) : numbered(number.getAsLong());
    }

    long group(String text) throws Misuse {
        OptionalLong number = number(text);
        OptionalLong id = number.isPresent() ? number : names.groupId(Raw.read(text));
        if (id.isEmpty()) {
            throw new Misuse("there is no group " + Raw.read(text));
        }
        return id.getAsLong();
    }

    /** Empty if it is a name. */
    private static OptionalLong number(String text) throws Misuse {
        if (!text.matches("[0-9]+")) {
            return OptionalLong.empty();
        }
        long number = text.length() > 10 ? NO_ID : Long.parseLong(text);
        if (number >= NO_ID) {
            throw new Misuse(text + " is no id");
        }
        return OptionalLong.of(number);
    }
}
