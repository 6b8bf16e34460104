// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.linux.Sockets;
import org.jns.model.AbsPath;
import org.jns.model.Admission;
import org.jns.model.Position;
import org.jns.model.Printable;
import org.jns.model.Problem;
import org.jns.rules.AdmissionReader;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.StrictIni;

/**
 * The settings in {@code jns.conf}.
 *
 * @param waiting how many threads wait for a login, each with a spare namespace
 * @param metricsFile the file with numbers for other programs; empty: none
 * @param admission the section {@code [policy]}
 */
public record Settings(
        AbsPath socket,
        AbsPath state,
        AbsPath instances,
        AbsPath rules,
        int waiting,
        Optional<AbsPath> metricsFile,
        Admission admission) {
    public static final AbsPath FILE = AbsPath.of("/etc/jns/jns.conf");

    public static final Settings DEFAULT = new Settings(
            AbsPath.of("/run/jns/jnsd.sock"),
            AbsPath.of("/run/jns"),
            AbsPath.of("/var/lib/jns"),
            AbsPath.of("/etc/jns/rules.d"),
            3,
            Optional.empty(),
            Admission.NONE);

    private static final String DAEMON = "daemon";
    private static final String POLICY = "policy";
    private static final int MOST_WAITING = 64;

    /**
     * The settings, and the problems of the file. After an error, a wrong value is the default.
     *
     * @param source empty if there is no file, or it cannot be used
     */
    public record Loaded(Settings settings, List<Problem> problems, Optional<RulesSource> source) {}

    /** The settings file could not be used; the message says where and why. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message, null, false, false);
        }
    }

    /** Reads {@link #FILE}; returns the defaults if it is missing. */
    public static Settings load(TrustedFiles files) throws Unusable {
        Loaded loaded = read(files);
        for (Problem problem : loaded.problems()) {
            if (problem.isError()) {
                throw new Unusable(problem.toString());
            }
        }
        return loaded.settings();
    }

    /** Like {@link #load}, with all problems. */
    public static Loaded read(TrustedFiles files) {
        TrustedFiles.Content content = files.file(FILE);
        if (content.isMissing()) {
            return new Loaded(DEFAULT, List.of(), Optional.empty());
        }
        return content.sources().isEmpty()
                ? new Loaded(DEFAULT, content.problems(), Optional.empty())
                : parse(content.sources().get(0));
    }

    /** Reads the text of a settings file. */
    public static Loaded parse(RulesSource source) {
        StrictIni.Document document = StrictIni.read(source);
        Reader reader = new Reader(new ArrayList<>(document.problems()));
        for (StrictIni.Section section : document.sections()) {
            reader.section(section);
        }
        return new Loaded(reader.settings, reader.problems, Optional.of(source));
    }

    public Places places() {
        return new Places(socket, state, instances, rules);
    }

    /** Collects all problems of one file. */
    private static final class Reader {
        private final List<Problem> problems;
        private Settings settings = DEFAULT;

        Reader(List<Problem> problems) {
            this.problems = problems;
        }

        void section(StrictIni.Section section) {
            if (section.name().equals(POLICY)) {
                AdmissionReader.Read read = AdmissionReader.read(section);
                settings = new Settings(
                        settings.socket,
                        settings.state,
                        settings.instances,
                        settings.rules,
                        settings.waiting,
                        settings.metricsFile,
                        read.admission());
                problems.addAll(read.problems());
                return;
            }
            if (!section.name().equals(DAEMON)) {
                problems.add(Problem.error(
                        section.at(),
                        "unknown section '" + Printable.of(section.name()) + "' (expected one of " + DAEMON + ", "
                                + POLICY + ")"));
                return;
            }
            for (Map.Entry<String, StrictIni.Entry> entry : section.entries().entrySet()) {
                key(entry.getKey(), entry.getValue());
            }
        }

        private void key(String key, StrictIni.Entry entry) {
            String value = entry.value().text();
            Position at = entry.value().at();
            Settings s = settings;
            try {
                settings = switch (key) {
                    case "socket" ->
                        new Settings(
                                socketPath(value),
                                s.state,
                                s.instances,
                                s.rules,
                                s.waiting,
                                s.metricsFile,
                                s.admission);
                    case "state" ->
                        new Settings(
                                s.socket,
                                AbsPath.of(value),
                                s.instances,
                                s.rules,
                                s.waiting,
                                s.metricsFile,
                                s.admission);
                    case "instances" ->
                        new Settings(
                                s.socket, s.state, AbsPath.of(value), s.rules, s.waiting, s.metricsFile, s.admission);
                    case "rules" ->
                        new Settings(
                                s.socket,
                                s.state,
                                s.instances,
                                AbsPath.of(value),
                                s.waiting,
                                s.metricsFile,
                                s.admission);
                    case "waiting-threads" ->
                        new Settings(
                                s.socket, s.state, s.instances, s.rules, number(value), s.metricsFile, s.admission);
                    case "metrics-file" ->
                        new Settings(
                                s.socket,
                                s.state,
                                s.instances,
                                s.rules,
                                s.waiting,
                                Optional.of(AbsPath.of(value)),
                                s.admission);
                    default -> {
                        String expected = "socket, state, instances, rules, waiting-threads, metrics-file";
                        problems.add(Problem.error(
                                entry.keyAt(), "unknown key '" + key + "' (expected one of " + expected + ")"));
                        yield s;
                    }
                };
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(at, e.getMessage()));
            }
        }

        private static AbsPath socketPath(String value) {
            if (value.getBytes(StandardCharsets.UTF_8).length > Sockets.MAX_PATH) {
                throw new IllegalArgumentException("socket path is longer than " + Sockets.MAX_PATH + " bytes");
            }
            return AbsPath.of(value);
        }

        private static int number(String value) {
            boolean plausible = value.matches("[0-9]{1,3}")
                    && Integer.parseInt(value) >= 1
                    && Integer.parseInt(value) <= MOST_WAITING;
            if (!plausible) {
                throw new IllegalArgumentException(
                        "'" + Printable.of(value) + "' is not a number from 1 to " + MOST_WAITING);
            }
            return Integer.parseInt(value);
        }
    }
}
