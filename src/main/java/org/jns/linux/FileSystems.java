// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.linux.Arch.Call;

/** Makes new file systems, as detached mounts: fsopen(2), fsconfig(2), fsmount(2). Belongs to one thread at a time. */
final class FileSystems {
    private static final long FSOPEN_CLOEXEC = 1;
    private static final long FSMOUNT_CLOEXEC = 1;
    private static final long SET_STRING = 1;
    private static final long SET_FD = 5;
    private static final long CREATE = 6;

    private final SyscallCaller caller;

    FileSystems(SyscallCaller caller) {
        this.caller = caller;
    }

    Fd fresh(String type, Map<String, String> options, long attributes) {
        try (Fd context = open(type)) {
            return finish(context, type, options, attributes);
        }
    }

    /** From an open context. */
    Fd finish(Fd context, String type, Map<String, String> options, long attributes) {
        setAll(context, options);
        return mount(context, type, attributes);
    }

    /** Empty before Linux 6.13, which accepts the folders as descriptors. */
    Optional<Fd> overlay(List<Fd> lower, Fd upper, Fd work, Map<String, String> options, long attributes) {
        try (Fd context = open("overlay")) {
            if (!takes(context, "lowerdir+", lower.get(0))) {
                return Optional.empty();
            }
            for (Fd folder : lower.subList(1, lower.size())) {
                setFolder(context, "lowerdir+", folder);
            }
            setFolder(context, "upperdir", upper);
            setFolder(context, "workdir", work);
            setAll(context, options);
            return Optional.of(mount(context, "overlay", attributes));
        }
    }

    /**
     * Older kernels walk paths, and descriptors have paths too. The rest of the path contains nothing that must be
     * escaped, and a path of proc(5) leads to the open file and to nothing else.
     */
    Fd overlayByPath(List<Fd> lower, Syscalls.Changes changes, Map<String, String> options, long attributes) {
        StringBuilder folders = new StringBuilder();
        for (Fd folder : lower) {
            folders.append(folders.length() == 0 ? "" : ":").append(path(folder));
        }
        try (Fd context = open("overlay")) {
            set(context, "lowerdir", folders.toString());
            set(context, "upperdir", path(changes.around()) + "/" + changes.upper());
            set(context, "workdir", path(changes.around()) + "/" + changes.work());
            setAll(context, options);
            return mount(context, "overlay", attributes);
        }
    }

    private static String path(Fd file) {
        return "/proc/self/fd/" + file.number();
    }

    private Fd open(String type) {
        return caller.descriptor(
                caller.call(Call.FSOPEN, type, caller.scratch.begin().text(type), FSOPEN_CLOEXEC));
    }

    /** Without lambdas: a login thread must load no class. */
    private void setAll(Fd context, Map<String, String> options) {
        for (Map.Entry<String, String> option : options.entrySet()) {
            set(context, option.getKey(), option.getValue());
        }
    }

    private void set(Fd context, String key, String value) {
        caller.scratch.begin();
        String what = key + "=" + value;
        caller.call(
                Call.FSCONFIG,
                what,
                context.number(),
                SET_STRING,
                caller.scratch.text(key),
                caller.scratch.text(value),
                0);
    }

    private void setFolder(Fd context, String key, Fd folder) {
        caller.call(
                Call.FSCONFIG,
                key,
                context.number(),
                SET_FD,
                caller.scratch.begin().text(key),
                0,
                folder.number());
    }

    /**
     * Whether this kernel accepts a descriptor there. Linux 6.5 to 6.12 do not accept one for this option: EINVAL.
     * Before, overlayfs had only the old mount interface, whose fsconfig(2) accepts nothing but text: EOPNOTSUPP.
     */
    private boolean takes(Fd context, String key, Fd folder) {
        try {
            setFolder(context, key, folder);
            return true;
        } catch (SyscallException e) {
            if (e.errno() == Errno.EINVAL || e.errno() == Errno.EOPNOTSUPP) {
                return false;
            }
            throw e;
        }
    }

    private Fd mount(Fd context, String type, long attributes) {
        caller.call(Call.FSCONFIG, type, context.number(), CREATE, 0, 0, 0);
        return caller.descriptor(caller.call(Call.FSMOUNT, type, context.number(), FSMOUNT_CLOEXEC, attributes, 0));
    }
}
