// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;

/** Files and mounts for {@link RecordingSyscalls}, as far as jns can tell the difference from a real kernel. */
final class FileModel {
    static final int DIRECTORY = 0040000;
    static final int REGULAR = 0100000;
    static final int SYMLINK = 0120000;
    static final int FIFO = 0010000;
    static final int SOCKET = 0140000;
    static final int CHARACTER_DEVICE = 0020000;
    static final int BLOCK_DEVICE = 0060000;

    private static final int ENXIO = 6;
    private static final int EXDEV = 18;

    final Mount root = new Mount(new Node(DIRECTORY, 0755, 0, 0), MountFlags.NONE, 0xef53);
    private static long inodes = 1;
    private static long now;
    private static long changes;

    void time(long seconds) {
        now = seconds;
    }

    static final class Node {
        final int type;
        final long inode = inodes++;
        final Map<String, Node> children = new TreeMap<>();
        int permissions;
        long uid;
        long gid;
        byte[] content = new byte[0];
        long changed = now;
        int nanoseconds = 123_456_789;
        /** Increases with each change, like the kernel's. */
        long inodeChanged = ++changes;

        long standsFor;

        Node(int type, int permissions, long uid, long gid) {
            this.type = type;
            this.permissions = permissions;
            this.uid = uid;
            this.gid = gid;
        }

        void touchInode() {
            inodeChanged = ++changes;
        }

        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    static final class Mount {
        final Node root;
        final long fileSystem;
        /** By the node that each covers. */
        final Map<Node, Mount> covers = new IdentityHashMap<>();

        MountFlags flags;

        Mount(Node root, MountFlags flags, long fileSystem) {
            this.root = root;
            this.flags = flags;
            this.fileSystem = fileSystem;
        }
    }

    /** A file, and the mount through which it is seen. */
    record Place(Node node, Mount mount) {}

    Place root() {
        return new Place(root.root, root);
    }

    Place walk(Place start, String path, OpenAs as, Walk walk) {
        Place here = start;
        String[] parts = path.replaceAll("^/+", "").split("/");
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].isEmpty() || parts[i].equals(".")) {
                continue;
            }
            here = step(here, parts[i], path, as == OpenAs.LINK_ITSELF && i == parts.length - 1, walk);
        }
        int type = here.node().type;
        if (as == OpenAs.DIRECTORY && type != DIRECTORY) {
            throw new SyscallException("openat2", path, Errno.ENOTDIR);
        }
        if (as == OpenAs.READ && type == SOCKET) {
            throw new SyscallException("openat2", path, ENXIO);
        }
        return here;
    }

    private static Place step(Place here, String name, String path, boolean linkItself, Walk walk) {
        if (here.node().type != DIRECTORY) {
            throw new SyscallException("openat2", path, Errno.ENOTDIR);
        }
        Node child = here.node().children.get(name);
        if (child == null) {
            throw new SyscallException("openat2", path, Errno.ENOENT);
        }
        if (child.type == SYMLINK && !linkItself) {
            throw new SyscallException("openat2", path, Errno.ELOOP);
        }
        Mount mount = here.mount();
        while (mount.covers.containsKey(child)) {
            if (walk == Walk.INSIDE) {
                throw new SyscallException("openat2", path, EXDEV);
            }
            mount = mount.covers.get(child);
            child = mount.root;
        }
        return new Place(child, mount);
    }

    /** What is at a path, through mounts; links are not followed. */
    Place at(String path) {
        return walk(root(), path, OpenAs.LINK_ITSELF, Walk.NO_LINKS);
    }

    /** Unmounts the mount whose root is at the path. */
    void uncover(String path) {
        AbsPath where = AbsPath.of(path);
        Place around = at(where.parent().value());
        if (around.mount().covers.remove(around.node().children.get(where.name())) == null) {
            throw new SyscallException("umount2", path, Errno.EINVAL);
        }
    }

    Node add(String path, Node node) {
        AbsPath where = AbsPath.of(path);
        at(where.parent().value()).node().children.put(where.name(), node);
        return node;
    }
}
