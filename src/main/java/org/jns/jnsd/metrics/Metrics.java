// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.metrics;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jns.jnsd.login.Answer;
import org.jns.jnsd.login.Served;
import org.jns.linux.Room;
import org.jns.model.Cause;
import org.jns.model.Release;
import org.jns.wire.Reply;

/** Counts what the daemon has done since its start. Belongs to the main thread. */
public final class Metrics {
    private final String version;
    private final long started;
    private final Map<Result, Long> logins = zeros(Result.class);
    private final Map<Cause, Long> causes = zeros(Cause.class);
    private final Map<String, Latencies> latencies = new LinkedHashMap<>();
    private long dropped;
    private long abandoned;

    /** How a login ended. */
    enum Result {
        /** In a new view. */
        NEW,
        /** In an existing view. */
        JOINED,
        /** In the host's view, according to the rules. */
        HOST,
        /** In the host's view, because the user's view could not be made and the settings allow that. */
        LET_IN,
        REFUSED
    }

    /**
     * Numbers as they are now.
     *
     * @param hanging logins without progress for a second or so
     * @param namesWaiting for how many seconds the user database has not answered the daemon
     */
    public record Levels(
            int sessions,
            int views,
            long generation,
            boolean rulesKept,
            long openFiles,
            long mostFiles,
            int hanging,
            double namesWaiting) {}

    /**
     * @param started in seconds since 1970
     */
    Metrics(String version, long started) {
        this.version = version;
        this.started = started;
        latencies.put(word(Result.NEW), new Latencies());
        latencies.put(word(Result.JOINED), new Latencies());
    }

    public static Metrics ofThisProcess() {
        return new Metrics(Release.version(""), System.currentTimeMillis() / 1000);
    }

    private static <E extends Enum<E>> Map<E, Long> zeros(Class<E> type) {
        Map<E, Long> zeros = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            zeros.put(value, 0L);
        }
        return zeros;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    public void count(Served.Login login) {
        count(login.answer(), login.micros());
    }

    public void countAbandoned() {
        abandoned++;
    }

    public void countDropped() {
        dropped++;
    }

    private void count(Answer answer, long micros) {
        Result result = result(answer);
        logins.merge(result, 1L, Long::sum);
        answer.cause().ifPresent(cause -> causes.merge(cause, 1L, Long::sum));
        Latencies ofResult = latencies.get(word(result));
        if (ofResult != null) {
            ofResult.add(micros);
        }
    }

    private static Result result(Answer answer) {
        if (answer.given().isPresent()) {
            return answer.given().get().joined() ? Result.JOINED : Result.NEW;
        }
        if (answer.reply() instanceof Reply.Refused) {
            return Result.REFUSED;
        }
        return answer.cause().isPresent() ? Result.LET_IN : Result.HOST;
    }

    /**
     * The text in the format of OpenMetrics.
     *
     * @param busy for how many seconds each thread has been at one piece of work
     * @param room the file system of the private folders; empty before the first look
     */
    public String text(Levels levels, Map<String, Double> busy, Optional<Room> room) {
        Exposition out = new Exposition();
        out.fact("jns_version", "The program that runs.", "version", version);
        out.gauge("jns_start_time_seconds", "When the daemon was started, in seconds since 1970.", started);
        out.counters("jns_logins", "Logins, by their outcome.", "result", words(logins));
        out.counters(
                "jns_failed_logins",
                "Logins that were refused, or let in without their view, by the reason.",
                "reason",
                words(causes));
        out.histograms(
                "jns_login_seconds",
                "How long isolated logins took, from the connection to the answer.",
                "result",
                latencies);
        out.counter("jns_dropped_connections", "Connections that asked for nothing that could be answered.", dropped);
        out.counter("jns_abandoned_logins", "Logins whose program had ended before the answer.", abandoned);
        out.gauge("jns_sessions", "Sessions that are open.", levels.sessions());
        out.gauge("jns_views", "Existing views, including those without a session.", levels.views());
        out.gauge("jns_rules_generation", "How many times rules were put in force.", levels.generation());
        out.gauge(
                "jns_rules_kept",
                "1 if a restart continues with these rules; 0 if they could not be saved.",
                levels.rulesKept() ? 1 : 0);
        out.gauge("jns_open_fds", "Files that the daemon has open.", levels.openFiles());
        out.gauge("jns_max_fds", "Files that the daemon may have open.", levels.mostFiles());
        out.gauges(
                "jns_thread_busy_seconds",
                "How long each of the daemon's threads has been at one piece of work; 0 when it waits for some.",
                "thread",
                busy);
        out.gauge("jns_hanging_logins", "Logins that hang in a file system or in the user database.", levels.hanging());
        out.gauge(
                "jns_user_database_waiting_seconds",
                "For how long the user database has not answered the daemon.",
                levels.namesWaiting());
        room.ifPresent(left -> {
            out.gauge(
                    "jns_private_folders_free_bytes",
                    "Free bytes in the file system of private folders.",
                    left.freeBytes());
            out.gauge(
                    "jns_private_folders_free_inodes",
                    "Files that the file system of private folders has room for; 0 of 0 if it has no fixed number.",
                    left.freeInodes());
            out.gauge(
                    "jns_private_folders_inodes",
                    "Files that there may be in the file system of private folders; 0 if it has no fixed number.",
                    left.inodes());
        });
        return out.end();
    }

    private static <E extends Enum<E>> Map<String, Long> words(Map<E, Long> counts) {
        Map<String, Long> words = new LinkedHashMap<>();
        counts.forEach((value, count) -> words.put(word(value), count));
        return words;
    }
}
