// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.Arrays;
import java.util.Optional;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Problem;
import org.jns.rules.ini.RulesSource;

/**
 * Keeps the text of the settings that a daemon started with last: a typing error in {@code jns.conf} must not keep the
 * next one from starting. Its path is fixed, because the settings determine other paths.
 */
public final class LastSettings {
    private static final AbsPath FILE = Settings.DEFAULT.instances().child("last-good-settings");
    private static final int MOST_BYTES = 1 << 20;

    private final WholeFile file;

    public LastSettings(Syscalls sys) {
        this.file = new WholeFile(sys, FILE, MOST_BYTES);
    }

    /**
     * Writes nothing if the file has the same content already.
     *
     * @param source empty: there is no {@code jns.conf}
     * @throws SyscallException if they cannot be kept; the old ones remain
     */
    public void keep(Optional<RulesSource> source) {
        byte[] text = source.map(RulesSource::bytes).orElse(new byte[0]);
        if (current().filter(now -> Arrays.equals(now, text)).isEmpty()) {
            file.write(text);
        }
    }

    /** Empty if there are none, or they cannot be trusted, or this version does not understand them. */
    public Optional<Settings> settings() {
        return current()
                .map(text -> Settings.parse(new RulesSource(FILE.value(), text)))
                .filter(loaded -> loaded.problems().stream().noneMatch(Problem::isError))
                .map(Settings.Loaded::settings);
    }

    private Optional<byte[]> current() {
        try {
            return file.read();
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    /**
     * A note for an admin who looks at the settings in the file; empty if the daemon uses the same.
     *
     * @param now the content of the file
     */
    public Optional<String> note(Settings now) {
        return settings()
                .filter(before -> !before.equals(now))
                .map(
                        before -> Settings.FILE
                                + " was changed after the daemon started: until its next start, the daemon and its logins use the previous settings");
    }
}
