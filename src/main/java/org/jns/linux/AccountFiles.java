// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.Nullable;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;

/**
 * Reads the host's users and groups from passwd(5) and group(5): the fallback if the user database hangs, which may be
 * on the other side of a network. The files are read line by line, however long they are. A missing file has no
 * entries.
 */
public final class AccountFiles {
    private static final String PASSWD = "/etc/passwd";
    private static final String GROUP = "/etc/group";
    private static final int CHUNK = 8192;
    /** The C library does not accept longer lines either. */
    private static final int LONGEST_LINE = 1 << 20;

    private final Syscalls sys;

    public AccountFiles(Syscalls sys) {
        this.sys = sys;
    }

    private interface Reader {
        /**
         * @param fields of a line, one byte each character
         * @return whether to continue
         */
        boolean read(String[] fields);
    }

    /**
     * @throws SyscallException if the file cannot be read
     */
    public Optional<Passwd> user(String name) {
        Sought sought = new Sought(0, bytes(name));
        each(PASSWD, sought);
        return sought.passwd();
    }

    /**
     * The first user with that number, which is the one that the C library finds.
     *
     * @throws SyscallException if the file cannot be read
     */
    public Optional<Passwd> user(long uid) {
        Sought sought = new Sought(2, Long.toString(uid));
        each(PASSWD, sought);
        return sought.passwd();
    }

    /**
     * @throws SyscallException if the file cannot be read
     */
    public Optional<String> groupName(long gid) {
        Sought sought = new Sought(2, Long.toString(gid));
        each(GROUP, sought);
        return sought.found == null ? Optional.empty() : Optional.of(text(sought.found[0]));
    }

    /**
     * All names of uid 0.
     *
     * @throws SyscallException if the file cannot be read
     */
    public Set<String> rootNames() {
        Set<String> names = new HashSet<>();
        each(PASSWD, fields -> {
            if (fields.length >= 7 && fields[2].equals("0")) {
                names.add(text(fields[0]));
            }
            return true;
        });
        return names;
    }

    /**
     * Those of the groups that are in the file.
     *
     * @throws SyscallException if the file cannot be read
     */
    public Set<String> groupsThere(Set<String> groups) {
        Set<String> there = new HashSet<>();
        each(GROUP, fields -> {
            if (groups.contains(text(fields[0]))) {
                there.add(text(fields[0]));
            }
            return there.size() < groups.size();
        });
        return there;
    }

    /**
     * The primary group, and the groups that list the user.
     *
     * @throws SyscallException if the file cannot be read
     */
    public Groups groupsOf(String user, long primary) {
        Memberships found = new Memberships(bytes(user), primary);
        each(GROUP, found);
        return new Groups(found.ids, found.names);
    }

    /**
     * @param ids the primary one first
     * @param names of the groups that have a name
     */
    public record Groups(List<Long> ids, Set<String> names) {}

    private static final class Memberships implements Reader {
        private final String user;
        private final String primary;
        private final List<Long> ids = new ArrayList<>();
        private final Set<String> names = new HashSet<>();

        Memberships(String user, long primary) {
            this.user = user;
            this.primary = Long.toString(primary);
            ids.add(primary);
        }

        @Override
        public boolean read(String[] fields) {
            boolean isPrimary = fields.length >= 3 && fields[2].equals(primary);
            boolean isMember = fields.length >= 4 && isIn(fields[3]);
            Optional<Long> id = isMember && !isPrimary ? number(fields[2]) : Optional.empty();
            if (id.isPresent()) {
                ids.add(id.get());
            }
            if (isPrimary || id.isPresent()) {
                names.add(text(fields[0]));
            }
            return true;
        }

        private boolean isIn(String members) {
            for (String member : members.split(",")) {
                if (member.equals(user)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Sought implements Reader {
        private final int field;
        private final String value;
        private @Nullable String[] found;

        Sought(int field, String value) {
            this.field = field;
            this.value = value;
        }

        @Override
        public boolean read(String[] fields) {
            if (fields.length >= 3 && fields[field].equals(value)) {
                found = fields;
            }
            return found == null;
        }

        Optional<Passwd> passwd() {
            if (found == null || found.length < 7) {
                return Optional.empty();
            }
            Optional<Long> uid = number(found[2]);
            Optional<Long> gid = number(found[3]);
            return uid.isPresent() && gid.isPresent()
                    ? Optional.of(new Passwd(text(found[0]), uid.get(), gid.get(), text(found[5]), text(found[6])))
                    : Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        try {
            long number = Long.parseLong(text);
            return number >= 0 && number <= 0xffffffffL ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void each(String path, Reader reader) {
        try (Fd file = sys.open(Optional.empty(), path, OpenAs.READ, Walk.NO_LINKS)) {
            lines(file, reader);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ELOOP) {
                throw e;
            }
        }
    }

    private void lines(Fd file, Reader reader) {
        StringBuilder rest = new StringBuilder();
        for (byte[] chunk = sys.read(file, CHUNK); chunk.length > 0; chunk = sys.read(file, CHUNK)) {
            rest.append(new String(chunk, StandardCharsets.ISO_8859_1));
            int from = 0;
            for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", from)) {
                if (!reader.read(rest.substring(from, end).split(":", -1))) {
                    return;
                }
                from = end + 1;
            }
            rest.delete(0, from);
            if (rest.length() > LONGEST_LINE) {
                return;
            }
        }
        if (rest.length() > 0) {
            reader.read(rest.toString().split(":", -1));
        }
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
