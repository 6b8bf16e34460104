// SPDX-License-Identifier: Apache-2.0
package org.jns.sys;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Users and groups as the C library has them, nsswitch.conf(5). The re-entrant functions only: the others give one thread's answer to
 * another. May block for as long as the admin's directory service does. Belongs to one thread at a time.
 */
public final class NameService {
    private static final int ERANGE = 34;
    private static final int FIRST_BUFFER = 4096;
    private static final int LAST_BUFFER = 1 << 20;
    private static final int FIRST_GROUPS = 256;
    private static final int LAST_GROUPS = 65536;

    private final Scratch scratch = new Scratch();
    private final Pointer entry = Memory.allocateDirect(LibC.RUNTIME, 64, true);
    private final Pointer result = Memory.allocateDirect(LibC.RUNTIME, 8, true);
    private final Pointer count = Memory.allocateDirect(LibC.RUNTIME, 8, true);
    private Pointer buffer = Memory.allocateDirect(LibC.RUNTIME, FIRST_BUFFER, true);
    private Pointer groups = Memory.allocateDirect(LibC.RUNTIME, FIRST_GROUPS * 4, true);

    private interface LookUp {
        int run(long entry, long buffer, long size, long result);
    }

    /**
     * @return empty if there is no such user
     * @throws SyscallException if the user database does not answer
     */
    public Optional<Passwd> user(String name) {
        if (!find("getpwnam_r", name, (e, b, size, r) -> LibC.getpwnam(scratch.begin().text(name), e, b, size, r))) {
            return Optional.empty();
        }
        return Optional.of(new Passwd(
                text(entry.getPointer(0)),
                Integer.toUnsignedLong(entry.getInt(16)),
                Integer.toUnsignedLong(entry.getInt(20)),
                text(entry.getPointer(32)),
                text(entry.getPointer(40))));
    }

    /**
     * @return empty if there is no such group
     * @throws SyscallException if the group database does not answer
     */
    public OptionalLong groupId(String name) {
        if (!find("getgrnam_r", name, (e, b, size, r) -> LibC.getgrnam(scratch.begin().text(name), e, b, size, r))) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Integer.toUnsignedLong(entry.getInt(16)));
    }

    /**
     * @return empty if the group has no name
     * @throws SyscallException if the group database does not answer
     */
    public Optional<String> groupName(long gid) {
        if (!find("getgrgid_r", Long.toString(gid), (e, b, size, r) -> LibC.getgrgid(gid, e, b, size, r))) {
            return Optional.empty();
        }
        return Optional.of(text(entry.getPointer(0)));
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
            groups = Memory.allocateDirect(LibC.RUNTIME, room * 4, true);
        }
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count.getInt(0); i++) {
            ids.add(Integer.toUnsignedLong(groups.getInt(i * 4L)));
        }
        return ids;
    }

    private boolean find(String call, String what, LookUp lookUp) {
        while (true) {
            result.putLong(0, 0);
            int error = lookUp.run(entry.address(), buffer.address(), buffer.size(), result.address());
            if (error == ERANGE && buffer.size() < LAST_BUFFER) {
                buffer = Memory.allocateDirect(LibC.RUNTIME, (int) buffer.size() * 4, true);
            } else if (result.getLong(0) != 0) {
                return true;
            } else if (error == 0 || error == Errno.ENOENT || error == Errno.ESRCH) {
                return false;
            } else if (error != Errno.EINTR) {
                throw new SyscallException(call, what, error);
            }
        }
    }

    private static String text(Pointer chars) {
        return chars == null ? "" : chars.getString(0, LAST_BUFFER, StandardCharsets.UTF_8);
    }
}
