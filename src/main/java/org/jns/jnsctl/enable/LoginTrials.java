// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.enable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.pam.StackChange;
import org.jns.jnsctl.pam.StackFiles;

/**
 * Opens sessions of root and of a user for a trial, before and after the stacks of some services change.
 *
 * <p>Reasons: docs/decisions/70-enable-tries-first.md
 */
final class LoginTrials implements AutoCloseable {
    private static final String ROOT = "root";
    private static final String BARE =
            "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_jns.so\n";

    private final List<String> services;
    private final Optional<String> user;
    private final Path work;
    private final Path old;
    private final Path changed;
    private final Path bare;
    private final Map<String, Boolean> isolated = new LinkedHashMap<>();

    LoginTrials(StackFiles files, StackChange change, Optional<String> user) {
        this.services = change.services();
        this.user = user;
        try {
            // Root-owned, and outside of what rules cover.
            work = Files.createTempDirectory(Path.of("/run"), "jns-enable-");
            old = Files.createDirectory(work.resolve("old"));
            changed = Files.createDirectory(work.resolve("changed"));
            bare = Files.createDirectory(work.resolve("bare"));
        } catch (IOException e) {
            throw new Host.Failure("cannot make a folder for stacks to try in /run: " + e.getMessage());
        }
        files.copy(Map.of(), old);
        files.copy(change.texts(), changed);
        Map<String, String> stacks = new TreeMap<>();
        services.forEach(service -> stacks.put(service, BARE));
        new StackFiles(bare, bare, bare).copy(stacks, bare);
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(work)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new Host.Failure("cannot remove " + work + ": " + e.getMessage());
        }
    }

    /** Before any change: the user's sessions with only the module, and root's with the new stacks. */
    void before() {
        for (String service : services) {
            user.ifPresent(name -> {
                TrialSession.Outcome outcome = TrialSession.open(service, name, Optional.of(bare));
                if (!outcome.isOpened()) {
                    throw refused(name, service, outcome.words());
                }
                isolated.put(service, outcome.isIsolated());
            });
            worked(service, ROOT, TrialSession.open(service, ROOT, Optional.of(changed)));
        }
    }

    /** With the current stacks. */
    void after() {
        for (String service : services) {
            worked(service, ROOT, TrialSession.open(service, ROOT, Optional.empty()));
            user.ifPresent(name -> {
                TrialSession.Outcome outcome = TrialSession.open(service, name, Optional.empty());
                worked(service, name, outcome);
                if (outcome.isOpened() && !outcome.isIsolated() && Objects.requireNonNull(isolated.get(service))) {
                    throw new Host.Failure(name + " got a session by " + service
                            + " that is not isolated: a line above the module's passes over it"
                            + " (look with: jnsctl doctor)");
                }
            });
        }
    }

    /** A failure with the old stacks has another cause. */
    private void worked(String service, String name, TrialSession.Outcome outcome) {
        if (!outcome.isOpened()
                && TrialSession.open(service, name, Optional.of(old)).isOpened()) {
            throw refused(name, service, outcome.words());
        }
    }

    private static Host.Failure refused(String name, String service, String words) {
        return new Host.Failure(name + " would not get in by " + service + ": " + words
                + "; the journal has the reason: journalctl -t jnsd -n 20");
    }

    /** A summary of the isolated sessions. */
    String summary() {
        if (user.isEmpty()) {
            return "root gets in; no other user was tried, since no rule is for any (--trial-user names one)";
        }
        String by = String.join(
                ", ",
                isolated.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .toList());
        String not = String.join(
                ", ",
                isolated.entrySet().stream()
                        .filter(entry -> !entry.getValue())
                        .map(Map.Entry::getKey)
                        .toList());
        String words = by.isEmpty() ? "" : "isolated by " + by;
        words += not.isEmpty()
                ? ""
                : (words.isEmpty() ? "" : "; ") + "not isolated, since no rule is for that, by " + not;
        return "tried: root gets in; " + user.get() + " is " + words;
    }
}
