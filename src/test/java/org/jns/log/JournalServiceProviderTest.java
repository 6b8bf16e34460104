// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tests the static side, in separate JVMs if it would disturb other tests. */
class JournalServiceProviderTest {
    @Test
    void slf4jFindsTheProviderAndKeepsOneLoggerAName() {
        Logger logger = LoggerFactory.getLogger("a");
        assertInstanceOf(JournalLogger.class, logger);
        assertEquals("a", logger.getName());
        assertSame(logger, LoggerFactory.getLogger("a"));
    }

    /** Logs a line before it is wired, when wired, when the journal fails, with another fallback, and at debug. */
    static final class Wiring {
        public static void main(String[] arguments) {
            Logger log = LoggerFactory.getLogger("wiring");
            log.info("before \u00e9");
            boolean[] open = {true};
            Datagrams datagrams = entry -> {
                System.out.print(new String(entry, StandardCharsets.UTF_8));
                return open[0];
            };
            JournalServiceProvider.route(new JournalSocket(datagrams, "jnsctl"));
            log.info("wired");
            log.debug("silent");
            JournalServiceProvider.level(Level.DEBUG);
            log.debug("loud");
            open[0] = false;
            log.warn("failed");
            JournalServiceProvider.route(entry -> false, entry -> false);
            log.info("lost");
            JournalServiceProvider.route(new StandardError());
            log.info("after");
        }
    }

    @Test
    void linesGoToStandardErrorUntilTheJournalIsWiredAndWhenItFails(@TempDir Path folder) throws Exception {
        Ran ran = run(folder, Wiring.class);
        assertEquals("before é\nfailed\nafter\n", ran.errors);
        assertEquals(
                "PRIORITY=6\nSYSLOG_IDENTIFIER=jnsctl\nMESSAGE=wired\n"
                        + "PRIORITY=7\nSYSLOG_IDENTIFIER=jnsctl\nMESSAGE=loud\n"
                        + "PRIORITY=4\nSYSLOG_IDENTIFIER=jnsctl\nMESSAGE=failed\n",
                ran.output);
    }

    /**
     * Logs in every way after the warm-up. The loading of Before and After marks the position in the JVM's list of
     * classes.
     */
    static final class Warm implements Datagrams {
        static final class Before {
            static int touch;
        }

        static final class After {
            static int touch;
        }

        @Override
        public boolean send(byte[] entry) {
            return entry.length % 2 == 0;
        }

        public static void main(String[] arguments) {
            Logger log = LoggerFactory.getLogger("warm");
            JournalServiceProvider.route(new JournalSocket(new Warm(), "jnsd"));
            JournalServiceProvider.warmUp();
            Throwable thrown = new IllegalStateException("a");
            Before.touch++;
            for (Level level : new Level[] {Level.INFO, Level.DEBUG}) {
                JournalServiceProvider.level(level);
                for (String user : new String[] {"a", "bc", "d\n\u00e9\u001b\"", null}) {
                    log.info("login of {}", user);
                    log.warn("{} {}", user, 1);
                    log.error("{} {} {}", user, 1L, true);
                    log.error("{}", user, thrown);
                    log.debug("m", thrown);
                    log.atInfo()
                            .addKeyValue("user", user)
                            .addKeyValue("-", user)
                            .log("login");
                    log.atError().setCause(thrown).addArgument(user).log("{}");
                    log.atTrace().addKeyValue("user", user).log("silent");
                }
            }
            After.touch++;
        }
    }

    @Test
    void noClassIsLoadedByLoggingAfterTheWarmUp(@TempDir Path folder) throws Exception {
        Path list = folder.resolve("classes");
        run(folder, Warm.class, "-Xlog:class+load=info:file=" + list + "::filecount=0");
        List<String> lines = Files.readAllLines(list);
        int before = indexOf(lines, "$Warm$Before ");
        int after = indexOf(lines, "$Warm$After ");
        assertTrue(0 < before && before < after, "marks at " + before + " and " + after);
        assertEquals(List.of(), lines.subList(before + 1, after));
    }

    /** Initializes slf4j and logs; then prints the existing threads. */
    static final class Threads {
        public static void main(String[] arguments) {
            Thread[] before = new Thread[100];
            int count = Thread.enumerate(before);
            JournalServiceProvider.warmUp();
            LoggerFactory.getLogger("threads").info("m");
            System.out.println(Thread.activeCount() - count);
        }
    }

    @Test
    void loggingStartsNoThread(@TempDir Path folder) throws Exception {
        Ran ran = run(folder, Threads.class);
        assertEquals("0\n", ran.output);
        assertEquals("m\n", ran.errors);
    }

    private record Ran(String output, String errors) {}

    private static Ran run(Path folder, Class<?> main, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().clear();
        Process process = builder.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        Ran ran = new Ran(Files.readString(output), Files.readString(errors));
        assertTrue(ended, "the JVM did not end");
        assertEquals(0, process.exitValue(), ran.errors);
        assertFalse(ran.errors.contains("SLF4J"), ran.errors);
        return ran;
    }

    private static int indexOf(List<String> lines, String part) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(part)) {
                return i;
            }
        }
        return -1;
    }
}
