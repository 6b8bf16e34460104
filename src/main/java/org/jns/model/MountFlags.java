// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.ArrayList;
import java.util.List;

/** The restrictions of a mount. A set of bits; none is ever removed. */
public record MountFlags(int bits) {

    private static final int RO_BIT = 1;
    private static final int NOSUID_BIT = 2;
    private static final int NODEV_BIT = 4;
    private static final int NOEXEC_BIT = 8;
    private static final int NOSYMFOLLOW_BIT = 16;
    private static final int ALL_BITS = 31;

    public static final MountFlags NONE = new MountFlags(0);
    public static final MountFlags RO = new MountFlags(RO_BIT);
    public static final MountFlags NOSUID = new MountFlags(NOSUID_BIT);
    public static final MountFlags NODEV = new MountFlags(NODEV_BIT);
    public static final MountFlags NOEXEC = new MountFlags(NOEXEC_BIT);
    public static final MountFlags NOSYMFOLLOW = new MountFlags(NOSYMFOLLOW_BIT);

    public MountFlags {
        if ((bits & ~ALL_BITS) != 0) {
            throw new IllegalArgumentException("unknown mount flag in " + bits);
        }
    }

    /**
     * The flag with that name in a rules file.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static MountFlags named(String name) {
        return switch (name) {
            case "ro" -> RO;
            case "nosuid" -> NOSUID;
            case "nodev" -> NODEV;
            case "noexec" -> NOEXEC;
            case "nosymfollow" -> NOSYMFOLLOW;
            default -> throw new IllegalArgumentException("no mount flag is '" + name + "'");
        };
    }

    public MountFlags plus(MountFlags other) {
        return new MountFlags(bits | other.bits);
    }

    /** The flags that both have. */
    public MountFlags and(MountFlags other) {
        return new MountFlags(bits & other.bits);
    }

    public boolean has(MountFlags other) {
        return (bits & other.bits) == other.bits;
    }

    /** The flags after a space, or nothing. */
    String appended() {
        return isEmpty() ? "" : " " + this;
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    /** {@code ro,nosuid}; empty for none. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        for (String name : List.of("ro", "nosuid", "nodev", "noexec", "nosymfollow")) {
            if (has(named(name))) {
                names.add(name);
            }
        }
        return String.join(",", names);
    }
}
