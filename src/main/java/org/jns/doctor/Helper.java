// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.AbsPath;

/**
 * The daemon, as far as its socket tells.
 *
 * @param path of the socket
 * @param listens whether somebody does
 * @param bySystemd whether systemd runs this machine
 */
public record Helper(AbsPath path, Kind kind, long uid, int mode, boolean listens, boolean bySystemd) {
    private static final String ABOUT = "daemon";
    private static final int OTHERS = 077;

    /** What is at the socket's place. */
    public enum Kind {
        NONE,
        SOCKET,
        SOMETHING_ELSE,
        /** It may not be looked at. */
        UNSEEN
    }

    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        String start = bySystemd ? "systemctl enable --now jnsd.socket" : "jnsd &";
        if (kind == Kind.SOMETHING_ELSE) {
            findings.add(Finding.error(ABOUT, path + " is no socket: the daemon cannot be asked", "look at what it is, then: rm " + path));
        } else if (kind == Kind.NONE || !listens) {
            String why = kind == Kind.NONE ? "there is no socket " + path : "nobody listens on " + path;
            findings.add(Finding.warning(ABOUT, "no daemon runs: " + why + "; each login starts a helper of its own, which takes longer", start));
        } else if (kind == Kind.SOCKET && (uid != 0 || (mode & OTHERS) != 0)) {
            findings.add(Finding.warning(ABOUT, path + " is open to others than root", "chown root:root " + path + " && chmod 600 " + path));
        }
        return findings;
    }
}
