// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.jnsd.login.Answer;
import org.jns.jnsd.login.Served;
import org.jns.jnsd.views.Ledger;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.Room;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.Cause;
import org.jns.state.SeenProcess;
import org.jns.state.Session;
import org.jns.state.View;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final Request.Open REQUEST = new Request.Open("alice", "sshd", "");
    private static final Metrics.Levels LEVELS = new Metrics.Levels(3, 2, 5, true, 17, 1024, 4, 1.5);

    private final Metrics metrics = new Metrics("0.1.0", 1_700_000_000);

    private OpenMetrics read() {
        return OpenMetrics.parse(metrics.text(LEVELS, Map.of("cleaner", 1.5), Optional.of(new Room(100, 50, 10, 3))));
    }

    private static Served.Login granted(boolean joined, long micros) {
        Session session =
                new Session("0000000000000001", "alice", 1001, "sshd", "", new SeenProcess(1, 1), "1001.a", 1);
        View view = new View("1001.a", "alice", 1001, 7, "", List.of(), List.of(), List.of(), 1);
        Ledger.Given given =
                new Ledger.Given(session, view, Namespaces.only(new Fd(99, number -> {})), joined, List.of());
        Answer answer = new Answer(
                REQUEST,
                Optional.empty(),
                new Reply.Granted("0000000000000001", ""),
                List.of(),
                List.of(),
                Optional.of(given),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
        return new Served.Login(answer, Optional.empty(), micros);
    }

    private static Served.Login without(Reply reply, Optional<Cause> cause) {
        Answer answer = new Answer(
                REQUEST,
                Optional.empty(),
                reply,
                List.of(),
                List.of(),
                Optional.empty(),
                cause,
                List.of(),
                List.of(),
                List.of());
        return new Served.Login(answer, Optional.empty(), 100);
    }

    private static String content(RecordingSyscalls sys, String path) {
        try (Fd file = sys.open(Optional.empty(), path, OpenAs.READ, Walk.NO_LINKS)) {
            return new String(sys.read(file, 100), StandardCharsets.UTF_8);
        }
    }

    @Test
    void allNumbersAreThereFromTheBeginning() {
        OpenMetrics read = read();
        assertEquals(0, read.samples.get("jns_logins_total{result=\"refused\"}"));
        assertEquals(0, read.samples.get("jns_failed_logins_total{reason=\"hook\"}"));
        assertEquals(0, read.samples.get("jns_login_seconds_count{result=\"joined\"}"));
        assertEquals(1, read.samples.get("jns_version{version=\"0.1.0\"}"));
        assertEquals(1_700_000_000, read.samples.get("jns_start_time_seconds{}"));
        assertEquals(3, read.samples.get("jns_sessions{}"));
        assertEquals(2, read.samples.get("jns_views{}"));
        assertEquals(5, read.samples.get("jns_rules_generation{}"));
        assertEquals(1024, read.samples.get("jns_max_fds{}"));
        assertEquals(3, read.samples.get("jns_private_folders_free_inodes{}"), "[B11]");
        assertEquals(1.5, read.samples.get("jns_thread_busy_seconds{thread=\"cleaner\"}"));
    }

    @Test
    void loginsAreCountedByTheirResult() {
        metrics.count(granted(false, 450));
        metrics.count(granted(true, 80));
        metrics.count(granted(true, 90));
        metrics.count(without(new Reply.NotIsolated("no rule"), Optional.empty()));
        metrics.count(without(new Reply.Host("no rule"), Optional.empty()));
        metrics.count(without(new Reply.NotIsolated("root gets in"), Optional.of(Cause.MOUNT)));
        metrics.count(new Served.Login(
                Answer.refused(REQUEST, Optional.empty(), Cause.USER, "who?", List.of()), Optional.empty(), 5));
        metrics.countDropped();
        metrics.countAbandoned();
        OpenMetrics read = read();
        assertEquals(1, read.samples.get("jns_logins_total{result=\"new\"}"));
        assertEquals(2, read.samples.get("jns_logins_total{result=\"joined\"}"));
        assertEquals(2, read.samples.get("jns_logins_total{result=\"host\"}"));
        assertEquals(1, read.samples.get("jns_logins_total{result=\"let_in\"}"));
        assertEquals(1, read.samples.get("jns_logins_total{result=\"refused\"}"));
        assertEquals(1, read.samples.get("jns_failed_logins_total{reason=\"mount\"}"));
        assertEquals(1, read.samples.get("jns_failed_logins_total{reason=\"user\"}"));
        assertEquals(1, read.samples.get("jns_dropped_connections_total{}"));
        assertEquals(1, read.samples.get("jns_abandoned_logins_total{}"));
        assertEquals(0.00017, read.samples.get("jns_login_seconds_sum{result=\"joined\"}"), 1e-9);
    }

    @Test
    void timesAreInTheBucketsThatTheyDoNotExceed() {
        for (long micros : new long[] {0, 100, 101, 1_000_000, 1_000_001, 3_600_000_000L}) {
            metrics.count(granted(false, micros));
        }
        OpenMetrics read = read();
        assertEquals(2, read.samples.get("jns_login_seconds_bucket{result=\"new\",le=\"0.0001\"}"));
        assertEquals(3, read.samples.get("jns_login_seconds_bucket{result=\"new\",le=\"0.00025\"}"));
        assertEquals(4, read.samples.get("jns_login_seconds_bucket{result=\"new\",le=\"1.0\"}"));
        assertEquals(5, read.samples.get("jns_login_seconds_bucket{result=\"new\",le=\"10.0\"}"));
        assertEquals(6, read.samples.get("jns_login_seconds_bucket{result=\"new\",le=\"+Inf\"}"));
        assertEquals(3602.000202, read.samples.get("jns_login_seconds_sum{result=\"new\"}"), 1e-6);
    }

    @Test
    void labelsAreEscaped() {
        String text = new Metrics("a\"b\\c\nd", 1).text(LEVELS, Map.of(), Optional.empty());
        assertTrue(text.contains("jns_version{version=\"a\\\"b\\\\c\\nd\"} 1\n"), text);
        OpenMetrics.parse(text);
    }

    @Test
    void theFileIsWholeAndTheOldOneStaysIfItCannotBe() {
        RecordingSyscalls sys =
                new RecordingSyscalls().directory("/run", 0755, 0, 0).directory("/run/jns", 0700, 0, 0);
        AbsPath path = AbsPath.of("/run/jns/metrics");
        WrittenMetrics.write(sys, path, 0600, "one");
        WrittenMetrics.write(sys, path, 0600, "two");
        assertEquals(List.of("metrics"), sys.names("/run/jns"));
        sys.transcript().fail("replace", 1, 28);
        assertThrows(SyscallException.class, () -> WrittenMetrics.write(sys, path, 0600, "three"));
        assertEquals("two", content(sys, "/run/jns/metrics"));
        assertEquals(List.of("metrics"), sys.names("/run/jns"), "[C8] no draft is left");
        WrittenMetrics.write(sys, path, 0600, "four");
        assertEquals("four", content(sys, "/run/jns/metrics"));
        assertEquals(List.of("metrics"), sys.names("/run/jns"));
        sys.assertClean();
    }

    /** In a folder that another user owns, a prepared link does not redirect the daemon. */
    @Test
    void aLinkInItsPlaceIsReplaced() {
        RecordingSyscalls sys = new RecordingSyscalls()
                .directory("/pub", 0777, 0, 0)
                .directory("/etc", 0755, 0, 0)
                .file("/etc/shadow", 0600, 0, "secret");
        sys.link("/pub/.jns.prom.new", 1000, "/etc/shadow");
        sys.link("/pub/jns.prom", 1000, "/etc/shadow");
        WrittenMetrics.write(sys, AbsPath.of("/pub/jns.prom"), 0644, "numbers");
        assertEquals("numbers", content(sys, "/pub/jns.prom"));
        assertEquals("secret", content(sys, "/etc/shadow"));
        assertEquals(List.of("jns.prom"), sys.names("/pub"));
        sys.assertClean();
    }
}
