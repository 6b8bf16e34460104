// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Explains why a volume that is neither a bind mount nor a tmpfs has no rule. */
final class VolumeKind {

    private static final Set<String> NETWORK = Set.of("cifs", "smbfs", "smb3", "nfs", "nfs4", "ncpfs", "davfs", "afs");
    private static final Set<String> REMOTE_FUSE =
            Set.of("sshfs", "ccgfs", "ccgfs-ssh", "ccgfs-ssh-pull", "curlftpfs", "davfs2", "s3fs", "rclone");

    private static final Set<String> ENCRYPTED = Set.of("encfs", "gocryptfs");

    private VolumeKind() {}

    /**
     * A volume that an action of the rules opens.
     *
     * @param source as written in the file
     */
    record Encrypted(String action, String source) {}

    /** Empty if it is of another kind. */
    static Optional<Encrypted> encrypted(String fstype, String path) {
        String type = fstype.toLowerCase(Locale.ROOT);
        int hash = path.indexOf('#');
        boolean named = type.equals("fuse") && hash > 0;
        String program =
                named ? path.substring(path.lastIndexOf('/', hash) + 1, hash) : type.replaceFirst("^fuse\\.", "");
        return ENCRYPTED.contains(program)
                ? Optional.of(new Encrypted(program, named ? path.substring(hash + 1) : path))
                : Optional.empty();
    }

    static String reason(String fstype, String path) {
        String type = fstype.toLowerCase(Locale.ROOT);
        String program = path.indexOf('#') > 0 ? path.substring(0, path.indexOf('#')) : "";
        if (type.equals("fuse") || type.startsWith("fuse.")) {
            String name = program.isEmpty() && type.length() > 5 ? type.substring(5) : program;
            return fuse(name.isEmpty() ? "a FUSE program" : name);
        }
        if (REMOTE_FUSE.contains(type)) {
            return fuse(type);
        }
        if (type.equals("crypt") || type.equals("luks") || path.endsWith(".img")) {
            return "an encrypted disk image that the login password unlocks has no equivalent rule";
        }
        if (NETWORK.contains(type)) {
            return "a network file system that is mounted with the login password has no equivalent rule; mount it on the host,"
                    + " with autofs for example, and bind it";
        }
        return "a file system of type " + type + " has no equivalent rule; mount it on the host and bind it";
    }

    private static String fuse(String name) {
        return "what " + name + " is called with is not known here; write a rule with action = fuse, see jns-rules(5)";
    }
}
