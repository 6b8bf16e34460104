// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.Locale;
import java.util.Set;

/** Why a volume that is neither a bind mount nor a tmpfs is no rule. */
final class VolumeKind {

    private static final Set<String> NETWORK = Set.of("cifs", "smbfs", "smb3", "nfs", "nfs4", "ncpfs", "davfs", "afs");
    private static final Set<String> REMOTE_FUSE = Set.of("sshfs", "ccgfs", "ccgfs-ssh", "ccgfs-ssh-pull", "curlftpfs", "davfs2", "s3fs", "rclone");

    private VolumeKind() {}

    static String reason(String fstype, String path) {
        String type = fstype.toLowerCase(Locale.ROOT);
        String program = path.indexOf('#') > 0 ? path.substring(0, path.indexOf('#')) : "";
        if (type.equals("fuse") || type.startsWith("fuse.")) {
            String name = program.isEmpty() && type.length() > 5 ? type.substring(5) : program;
            return fuse(name.isEmpty() ? "a FUSE program" : name);
        }
        if (type.equals("encfs") || type.equals("gocryptfs") || REMOTE_FUSE.contains(type)) {
            return fuse(type);
        }
        if (type.equals("crypt") || type.equals("luks") || path.endsWith(".img")) {
            return "an encrypted disk image that the login password unlocks is not in the language";
        }
        if (NETWORK.contains(type)) {
            return "a network file system that is mounted with the login password is not in the language; mount it on the host,"
                    + " with autofs for example, and bind it";
        }
        return "a file system of type " + type + " is not in the language; mount it on the host and bind it";
    }

    private static String fuse(String name) {
        if (REMOTE_FUSE.contains(name)) {
            return "a network file system (" + name + ") is not in the language; mount it on the host, with autofs for example, and bind it";
        }
        return "a volume of " + name + ", mounted at login, is not in the language";
    }
}
