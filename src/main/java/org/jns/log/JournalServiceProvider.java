// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The slf4j back end, found through {@code META-INF/services}.
 *
 * <p>It opens nothing and starts no thread. Until {@link #route} is called, lines go to standard error as text. slf4j
 * requires the static state: it makes one provider, and loggers are requested before the program's start-up has run.
 */
public final class JournalServiceProvider implements SLF4JServiceProvider, ILoggerFactory {
    private static final JournalRoute ROUTE = new JournalRoute(new StandardError(), new StandardError());

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();

    /** Sends entries of every logger to this sink from now on; those that it does not take go to standard error. */
    public static void route(JournalSink sink) {
        route(sink, new StandardError());
    }

    /**
     * Sends entries to the first sink from now on, and those that it does not take to the other.
     *
     * <p>Standard error is a poor fallback if it leads to the journal too (systemd.exec(5), {@code JOURNAL_STREAM}): a
     * write to it waits for ever when journald hangs.
     */
    public static void route(JournalSink sink, JournalSink otherwise) {
        ROUTE.sinks(sink, otherwise);
    }

    /** Drops entries below this level. At debug and below, entries include stack traces. */
    public static void level(Level lowest) {
        ROUTE.level(lowest);
    }

    /**
     * Loads every class that logging needs, and writes nothing.
     *
     * <p>A class must not be loaded for the first time on a thread whose view may hide the JVM's files: if its
     * initialiser fails there, it is broken for the whole process.
     */
    public static void warmUp() {
        OutputStream nowhere = OutputStream.nullOutputStream();
        Datagrams taken = new Datagrams() {
            @Override
            public boolean send(byte[] entry) {
                return true;
            }
        };
        JournalRoute trial = new JournalRoute(new JournalSocket(taken, "warm-up"), new StandardError(nowhere));
        speak(trial);
        trial.sinks(new StandardError(nowhere), new StandardError(nowhere));
        speak(trial);
        try {
            // Nothing is written, but the JVM's code that writes to the descriptor runs once.
            new FileOutputStream(FileDescriptor.err).write(new byte[0]);
        } catch (IOException e) {
            // Standard error is closed: nothing can be written to it later either.
        }
    }

    private static void speak(JournalRoute trial) {
        JournalLogger logger = new JournalLogger("warm-up", trial);
        trial.level(Level.DEBUG);
        Throwable thrown = new IllegalStateException("trial", new IllegalArgumentException("cause"));
        logger.info("one {} two {}", "a", 2);
        logger.info("many {} {} {}", "a", 2L, null);
        logger.debug("line\nfeed \u00e9");
        logger.error("thrown", thrown);
        logger.atWarn()
                .setCause(thrown)
                .addArgument("a")
                .addKeyValue("key", "\"a\" \u001b")
                .addKeyValue("-", "")
                .log("{}");
        logger.atTrace().addKeyValue("key", 1).log("below the level");
    }

    @Override
    public Logger getLogger(String name) {
        Logger known = loggers.get(name);
        if (known != null) {
            return known;
        }
        Logger fresh = new JournalLogger(name, ROUTE);
        Logger earlier = loggers.putIfAbsent(name, fresh);
        return earlier == null ? fresh : earlier;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    /** The newest API that this provider was written for; slf4j compares only the beginning. */
    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // The constructor has done everything.
    }
}
