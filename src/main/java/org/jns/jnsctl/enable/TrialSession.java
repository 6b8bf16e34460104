// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.enable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jns.jnsctl.output.Host;
import org.jns.model.Printable;

/** Opens a session through PAM and closes it at once, in a program with a single thread. */
final class TrialSession {
    private static final String PROGRAM = "/usr/lib/jns/jns-trial";
    /** The module gives up after ten seconds; other modules may need time, too. */
    private static final long LIMIT_SECONDS = 60;

    private static final int MOST_BYTES = 4096;

    private TrialSession() {}

    /**
     * @param isOpened whether the user would get in
     * @param isIsolated whether the session had its own view
     * @param words the output, for the admin
     */
    record Outcome(boolean isOpened, boolean isIsolated, String words) {}

    /** @param folder with the stacks; empty for PAM's own */
    static Outcome open(String service, String user, Optional<Path> folder) {
        List<String> command = new ArrayList<>(List.of(PROGRAM, service, user));
        folder.ifPresent(path -> command.add(path.toString()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .start();
            // Its output fits into the pipe, so waiting for its end first cannot deadlock.
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(false, false, "the session was not open after " + LIMIT_SECONDS + " seconds");
            }
            String said = text(process.getInputStream());
            List<String> lines = said.lines().toList();
            return switch (process.exitValue()) {
                case 0 -> new Outcome(true, lines.get(lines.size() - 1).equals("isolated"), "");
                case 1 -> new Outcome(false, false, String.join(": ", lines));
                default -> throw new Host.Failure("cannot try a session of " + user + ": " + Printable.of(said));
            };
        } catch (IOException e) {
            throw new Host.Failure("cannot try a session of " + user + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Host.Failure("interrupted");
        }
    }

    private static String text(InputStream out) throws IOException {
        return new String(out.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
}
