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
 * The back end that slf4j finds through {@code META-INF/services}.
 *
 * <p>Nothing is opened and no thread is started here. Until {@link #route} is called, lines go to standard error as text. The
 * static state is slf4j's own: it makes one provider, and loggers are asked for before the program's start-up has run.
 */
public final class JournalServiceProvider implements SLF4JServiceProvider, ILoggerFactory {
    private static final JournalRoute ROUTE = new JournalRoute(new StandardError(), new StandardError());

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();

    /** Sends entries to this sink from now on, in every logger; those that it does not take go to standard error. */
    public static void route(JournalSink sink) {
        route(sink, new StandardError());
    }

    /**
     * Sends entries to the first sink from now on, and those that it does not take to the other.
     *
     * <p>Standard error is a poor second where it leads to the journal too (systemd.exec(5), {@code JOURNAL_STREAM}): a write
     * to it waits for ever when journald hangs.
     */
    public static void route(JournalSink sink, JournalSink otherwise) {
        ROUTE.sinks(sink, otherwise);
    }

    /** Entries below this level are not written. At debug and below, throwables come with their stack trace. */
    public static void level(Level lowest) {
        ROUTE.level(lowest);
    }

    /**
     * Loads every class that logging will need, and writes nothing.
     *
     * <p>A class must not be loaded for the first time on a thread whose view may hide the JVM's own files: if its
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
            // Nothing is written, but the JVM's way to the descriptor is gone once.
            new FileOutputStream(FileDescriptor.err).write(new byte[0]);
        } catch (IOException e) {
            // Standard error is closed: nothing will be written to it later either.
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

    /** The newest API that this provider was written for; slf4j compares only its beginning. */
    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // Everything is ready when the object is.
    }
}
