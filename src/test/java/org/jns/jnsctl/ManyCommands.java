// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Runs many commands of jnsctl in one JVM, one for each line with tabs between the words, for login tests that need
 * hundreds. A line that begins with NUL follows the output of each.
 */
public final class ManyCommands {

    private ManyCommands() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int status = JnsCtl.commandLine().setOut(out).setErr(out).execute(line.split("\t"));
            out.println("\0" + status);
        }
    }
}
