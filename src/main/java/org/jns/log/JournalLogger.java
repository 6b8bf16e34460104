// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

import java.util.List;
import org.jns.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/**
 * A logger that turns key-value pairs (slf4j's fluent calls) into fields of the journal entry. Markers are not used.
 */
public final class JournalLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1;

    private final transient JournalRoute route;

    JournalLogger(String name, JournalRoute route) {
        this.name = name;
        this.route = route;
    }

    @Override
    public void log(LoggingEvent event) {
        if (route.carries(event.getLevel())) {
            write(
                    event.getLevel(),
                    event.getMessage(),
                    event.getArgumentArray(),
                    event.getKeyValuePairs(),
                    event.getThrowable());
        }
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            @Nullable Object[] arguments,
            @Nullable Throwable thrown) {
        write(level, pattern, arguments, null, thrown);
    }

    private void write(
            Level level,
            @Nullable String pattern,
            @Nullable Object[] arguments,
            @Nullable List<KeyValuePair> pairs,
            @Nullable Throwable thrown) {
        String message;
        Throwable cause = thrown;
        if (thrown == null) {
            // If the last argument is a throwable, it is the cause; the formatter separates it.
            FormattingTuple text = MessageFormatter.arrayFormat(pattern, arguments);
            message = text.getMessage();
            cause = text.getThrowable();
        } else {
            message = MessageFormatter.basicArrayFormat(pattern, arguments);
        }
        route.write(JournalEntry.of(level, message, pairs, cause, route.wantsTraces()));
    }

    @Override
    public boolean isTraceEnabled() {
        return route.carries(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return route.carries(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return route.carries(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return route.carries(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return route.carries(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }
}
