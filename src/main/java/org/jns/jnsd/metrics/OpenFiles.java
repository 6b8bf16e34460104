// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.metrics;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files this process has open, and its limit. A session takes one or two. */
public final class OpenFiles {
    private static final Pattern LIMIT = Pattern.compile("(?md)^Max open files +([0-9]{1,18}) ");

    private OpenFiles() {}

    /** 0 if the kernel does not tell. */
    public static long now() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    /** 0 if there is no limit. */
    public static long most() {
        try {
            Matcher limit = LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")));
            return limit.find() ? Long.parseLong(limit.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
