// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks up users and groups through the C library, nsswitch.conf(5). It uses only the re-entrant functions, because the
 * others return one thread's answer to another. May block for as long as the directory service does. Belongs to one
 * thread at a time.
 *
 * <p>Reasons: docs/decisions/25-user-database.md
 */
public final class NameService {
    private static final int ERANGE = 34;
    private static final int FIRST_BUFFER = 4096;
    private static final int LAST_BUFFER = 1 << 20;
    private static final int FIRST_GROUPS = 256;
    private static final int LAST_GROUPS = 65536;

    private final Scratch scratch = new Scratch();
    private final NativeMemory entry = new NativeMemory(64);
    private final NativeMemory result = new NativeMemory(8);
    private final NativeMemory count = new NativeMemory(8);
    private NativeMemory buffer = new NativeMemory(FIRST_BUFFER);
    private NativeMemory groups = new NativeMemory(FIRST_GROUPS * 4);

    private interface LookUp {
        int run(long entry, long buffer, long size, long result);
    }

    /**
     * @return empty if the user does not exist
     * @throws SyscallException if the user database does not answer
     */
    public Optional<Passwd> user(String name) {
        return find(
                        "getpwnam_r",
                        name,
                        (e, b, size, r) -> LibC.getpwnam(scratch.begin().text(name), e, b, size, r))
                ? Optional.of(passwd())
                : Optional.empty();
    }

    /**
     * @return empty if no user has that number
     * @throws SyscallException if the user database does not answer
     */
    public Optional<Passwd> user(long uid) {
        return find("getpwuid_r", Long.toString(uid), (e, b, size, r) -> LibC.getpwuid(uid, e, b, size, r))
                ? Optional.of(passwd())
                : Optional.empty();
    }

    private Passwd passwd() {
        return new Passwd(
                NativeMemory.text(entry.getLong(0)),
                Integer.toUnsignedLong(entry.getInt(16)),
                Integer.toUnsignedLong(entry.getInt(20)),
                NativeMemory.text(entry.getLong(32)),
                NativeMemory.text(entry.getLong(40)));
    }

    /**
     * @return empty if the group does not exist
     * @throws SyscallException if the group database does not answer
     */
    public OptionalLong groupId(String name) {
        if (!find(
                "getgrnam_r",
                name,
                (e, b, size, r) -> LibC.getgrnam(scratch.begin().text(name), e, b, size, r))) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Integer.toUnsignedLong(entry.getInt(16)));
    }

    /**
     * The listed members of the group, without users whose primary group it is.
     *
     * @return empty if the group does not exist
     * @throws SyscallException if the group database does not answer
     */
    public List<String> members(String name) {
        return groupId(name).isPresent() ? NativeMemory.texts(entry.getLong(24)) : List.of();
    }

    /**
     * @return empty if the group has no name
     * @throws SyscallException if the group database does not answer
     */
    public Optional<String> groupName(long gid) {
        if (!find("getgrgid_r", Long.toString(gid), (e, b, size, r) -> LibC.getgrgid(gid, e, b, size, r))) {
            return Optional.empty();
        }
        return Optional.of(NativeMemory.text(entry.getLong(0)));
    }

    /** The ids of the primary group and of all supplementary ones. */
    public List<Long> groupsOf(String user, long primary) {
        int room = FIRST_GROUPS;
        while (true) {
            count.putInt(0, room);
            if (LibC.getgrouplist(scratch.begin().text(user), primary, groups.address(), count.address()) >= 0) {
                break;
            }
            room = count.getInt(0) > room ? count.getInt(0) : room * 2;
            if (room > LAST_GROUPS) {
                throw new SyscallException("getgrouplist", user, ERANGE);
            }
            groups = new NativeMemory(room * 4);
        }
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count.getInt(0); i++) {
            ids.add(Integer.toUnsignedLong(groups.getInt(i * 4)));
        }
        return ids;
    }

    private boolean find(String call, String what, LookUp lookUp) {
        while (true) {
            result.putLong(0, 0);
            int error = lookUp.run(entry.address(), buffer.address(), buffer.size(), result.address());
            if (error == ERANGE && buffer.size() < LAST_BUFFER) {
                buffer = new NativeMemory(buffer.size() * 4);
            } else if (result.getLong(0) != 0) {
                return true;
            } else if (error == 0) {
                // Any other number, including ENOENT, comes from a service that could not be asked: glibc returns 0 if
                // a service found nothing.
                return false;
            } else if (error != Errno.EINTR) {
                throw new SyscallException(call, what, error);
            }
        }
    }
}
