// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jns.doctor.PamFile;
import org.jns.doctor.PamFiles;
import org.jns.jnsctl.output.Host;
import org.jns.model.Printable;

/**
 * Enables the module's profile of pam-auth-update(8), which adds it to the stacks that Debian's login programs include.
 */
public final class ProfileChange implements StackChange {
    private static final Path TOOL = Path.of("/usr/sbin/pam-auth-update");
    private static final Path PROFILE = Path.of("/usr/share/pam-configs/jns");
    private static final List<String> SHARED = List.of("common-session", "common-session-noninteractive");
    /** Its line affects no decision, so no login is tried for it. */
    private static final String AUTH = "common-auth";

    private static final long LIMIT_SECONDS = 60;
    private static final int MOST_BYTES = 4096;

    private final StackFiles files;
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, String> before = new TreeMap<>();
    private final List<String> services;

    /** @param logins services that open sessions of users */
    public ProfileChange(StackFiles files, PamFiles now, List<String> logins) {
        this.files = files;
        PamFiles then = now;
        for (String name : SHARED) {
            String text = files.text(name).orElse("");
            before.put(name, text);
            if (!text.isEmpty() && !StackText.hasModule(text)) {
                texts.put(name, StackText.with(text));
                then = then.with(name, PamFile.parse(name, texts.get(name)));
            }
        }
        before.put(AUTH, files.text(AUTH).orElse(""));
        PamFiles changed = then;
        services = logins.stream()
                .filter(service -> changed.hasModule(service) && !now.hasModule(service))
                .toList();
    }

    /** Whether this machine has the required tool. */
    public static boolean isPossible() {
        return Files.isExecutable(TOOL) && Files.exists(PROFILE);
    }

    @Override
    public Map<String, String> texts() {
        return texts;
    }

    @Override
    public List<String> services() {
        return services;
    }

    @Override
    public void make() {
        before.forEach((name, text) -> {
            if (!text.isEmpty()) {
                files.keep(name);
            }
        });
        String said = run("--enable");
        for (String name : texts.keySet()) {
            if (!StackText.hasModule(files.text(name).orElse(""))) {
                undo();
                throw new Host.Failure(
                        "cannot enable the profile: pam-auth-update left /etc/pam.d/" + name + " as it was"
                                + (said.isEmpty() ? "" : ", and said: " + said)
                                + "; " + remedy(said));
            }
        }
    }

    /**
     * The tool skips files that were changed by hand, and does not say whether that was the reason.
     *
     * @param said the tool's output
     */
    static String remedy(String said) {
        if (said.contains("No space left on device")) {
            return "make room where /etc and /var/lib/pam are, and start over";
        }
        return said.contains("Read-only file system")
                ? "make /etc and /var/lib/pam writable, and start over"
                : "if somebody changed it by hand, look at pam-auth-update --force, or name the services: jnsctl enable sshd login ...";
    }

    @Override
    public void undo() {
        try {
            run("--disable");
        } finally {
            before.forEach((name, text) -> {
                if (!text.isEmpty()) {
                    files.write(name, text);
                }
            });
        }
    }

    @Override
    public String made() {
        return "put pam_jns.so into the stacks that login programs share (pam-auth-update's profile jns)";
    }

    /** Returns the tool's output. */
    public static String disable() {
        return run("--disable");
    }

    private static String run(String option) {
        ProcessBuilder builder = new ProcessBuilder(TOOL.toString(), option, "jns")
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true);
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        try {
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new Host.Failure("cannot run " + TOOL + ": it has not ended after " + LIMIT_SECONDS + " seconds");
            }
            return Printable.of(
                    new String(process.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new Host.Failure("cannot run " + TOOL + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Host.Failure("interrupted");
        }
    }
}
