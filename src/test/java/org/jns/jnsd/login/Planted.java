// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.io.File;
import java.io.IOException;
import org.slf4j.LoggerFactory;

/**
 * Does everything on a login thread that is forbidden there. {@code ArchitectureTest} checks that its rules find this
 * class.
 */
public final class Planted {
    private Planted() {}

    static boolean looksAtAFile() {
        return new File("/etc/motd").exists();
    }

    static void logs() {
        LoggerFactory.getLogger(Planted.class).info("text");
    }

    static Process starts() throws IOException {
        return new ProcessBuilder("true").start();
    }
}
