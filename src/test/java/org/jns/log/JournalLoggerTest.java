// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;

class JournalLoggerTest {
    private final List<JournalEntry> written = Collections.synchronizedList(new ArrayList<>());
    private final JournalRoute route = new JournalRoute(written::add, entry -> {
        throw new AssertionError("the first sink took everything");
    });
    private final Logger log = new JournalLogger("test", route);

    @Test
    void placeholdersAreFilled() {
        log.info("none");
        log.info("{}", "one");
        log.info("{} {}", "one", 2);
        log.info("{} {} {}", "one", null, 3L);
        log.info("{} {}", "one");
        log.info(null);
        assertEquals(List.of("none", "one", "one 2", "one null 3", "one {}", ""), messages());
    }

    @Test
    void fluentKeyValuesBecomeFields() {
        log.atWarn()
                .addKeyValue("user", "alice")
                .addKeyValue("tty", (Object) null)
                .addKeyValue("uid", () -> 1001)
                .addArgument("alice")
                .log("login of {}");
        JournalEntry entry = only();
        assertEquals(Level.WARN, entry.level());
        assertEquals("login of alice", entry.message());
        assertEquals(
                List.of(
                        new JournalEntry.Field("USER", "alice"),
                        new JournalEntry.Field("TTY", ""),
                        new JournalEntry.Field("UID", "1001")),
                entry.fields());
    }

    @Test
    void throwableIsAFieldHoweverItIsGiven() {
        Exception thrown = new IllegalStateException("disk full");
        log.error("m", thrown);
        log.error("m {}", 1, thrown);
        log.error("m {} {}", 1, 2, thrown);
        log.error("m {}", thrown, thrown);
        log.atError().setCause(thrown).log("m");
        log.atError().log("m {}", 1, thrown);
        assertEquals(6, written.size());
        for (JournalEntry entry : written) {
            assertEquals(
                    List.of(new JournalEntry.Field("EXCEPTION", "java.lang.IllegalStateException: disk full")),
                    entry.fields());
        }
        assertEquals(List.of("m", "m 1", "m 1 2", "m " + thrown, "m", "m 1"), messages());
    }

    @Test
    void traceComesAtDebug() {
        route.level(Level.DEBUG);
        log.error("m", new IllegalStateException("disk full"));
        assertEquals(
                List.of("EXCEPTION", "TRACE"),
                only().fields().stream().map(JournalEntry.Field::name).toList());
        assertEquals("m", only().message());
    }

    @Test
    void infoIsTheLevelUntilItIsChangedAndLoggersInUseFollow() {
        sayAll();
        assertEquals(List.of("info", "warn", "error"), messages());
        written.clear();
        route.level(Level.DEBUG);
        sayAll();
        assertEquals(List.of("debug", "info", "warn", "error"), messages());
        written.clear();
        route.level(Level.ERROR);
        sayAll();
        assertEquals(List.of("error"), messages());
    }

    @Test
    void disabledCallTouchesNeitherItsArgumentsNorItsSuppliers() {
        AtomicInteger touched = new AtomicInteger();
        Object argument = new Object() {
            @Override
            public String toString() {
                touched.incrementAndGet();
                return "";
            }
        };
        log.debug("{}", argument);
        log.debug("{} {} {}", argument, argument, argument);
        log.atDebug()
                .addKeyValue("key", touched::incrementAndGet)
                .addArgument(argument)
                .log("{}");
        assertEquals(0, touched.get());
        assertEquals(List.of(), messages());
    }

    @Test
    void eventBelowTheLevelIsDroppedEvenWhenItsBuilderIsOlderThanTheLevel() {
        var builder = log.atInfo();
        route.level(Level.WARN);
        builder.log("too late");
        assertEquals(List.of(), messages());
    }

    @Test
    void lineThatTheJournalDoesNotTakeGoesToTheOtherSinkAlone() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        List<String> sent = new ArrayList<>();
        boolean[] open = {true};
        route.sinks(
                new JournalSocket(
                        entry -> {
                            sent.add(new String(entry, StandardCharsets.UTF_8));
                            return open[0];
                        },
                        "jnsd"),
                new StandardError(text));
        log.info("first");
        open[0] = false;
        log.atInfo().addKeyValue("user", "alice").log("second");
        open[0] = true;
        log.info("third");
        assertEquals("second user=alice\n", text.toString(StandardCharsets.UTF_8));
        assertEquals(3, sent.size());
        assertEquals("PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=third\n", sent.get(2));
    }

    @Test
    void sinksThatThrowDoNotReachTheCaller() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        JournalSink broken = entry -> {
            throw new IllegalStateException("no socket");
        };
        route.sinks(broken, new StandardError(text));
        log.info("one");
        JournalSink unlinked = entry -> {
            throw new NoClassDefFoundError("org/jns/sys/Journal");
        };
        route.sinks(unlinked, new StandardError(text));
        log.info("two");
        route.sinks(broken, unlinked);
        log.info("three");
        assertEquals("one\ntwo\n", text.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jns d", "jnsd\nMESSAGE=x", "jnsd\0"})
    void identifierIsAProgramName(String identifier) {
        assertThrows(IllegalArgumentException.class, () -> new JournalSocket(entry -> true, identifier));
    }

    @Test
    void eightThreadsAtOnceKeepLinesAndEntriesWhole() throws InterruptedException {
        int threads = 8;
        int lines = 500;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                text.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                text.write(bytes, from, length / 2);
                Thread.yield();
                text.write(bytes, from + length / 2, length - length / 2);
            }
        };
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger turn = new AtomicInteger();
        route.sinks(
                new JournalSocket(
                        entry -> {
                            boolean takes = turn.getAndIncrement() % 2 == 0;
                            if (takes) {
                                sent.add(new String(entry, StandardCharsets.UTF_8));
                            }
                            return takes;
                        },
                        "jnsd"),
                new StandardError(slow));
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < lines; i++) {
                    log.atInfo()
                            .addKeyValue("pad", "x".repeat(200))
                            .addArgument(number)
                            .addArgument(i)
                            .log("line {} {}");
                }
            });
            thread.start();
            all.add(thread);
        }
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        String pad = "x".repeat(200);
        List<String> seen = new ArrayList<>();
        for (String line : text.toString(StandardCharsets.UTF_8).split("\n")) {
            assertTrue(line.matches("line \\d \\d+ pad=" + pad), line);
            seen.add(line.substring(0, line.indexOf(" pad")));
        }
        for (String entry : sent) {
            assertTrue(
                    entry.matches("PRIORITY=6\nSYSLOG_IDENTIFIER=jnsd\nMESSAGE=line \\d \\d+\nJNS_PAD=" + pad + "\n"),
                    entry);
            seen.add(entry.substring(entry.indexOf("line"), entry.indexOf("\nJNS_PAD")));
        }
        List<String> expected = IntStream.range(0, threads)
                .boxed()
                .flatMap(t -> IntStream.range(0, lines).mapToObj(i -> "line " + t + " " + i))
                .sorted()
                .toList();
        assertEquals(expected, seen.stream().sorted().toList());
    }

    private void sayAll() {
        log.trace("trace");
        log.debug("debug");
        log.info("info");
        log.warn("warn");
        log.error("error");
    }

    private JournalEntry only() {
        assertEquals(1, written.size());
        return written.get(0);
    }

    private List<String> messages() {
        return written.stream().map(JournalEntry::message).toList();
    }
}
