// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

/** A destination of log entries. Called by many threads at once; one entry stays in one piece. */
public interface JournalSink {
    /** @return false if the entry was not written, so that another sink can take it */
    boolean write(JournalEntry entry);
}
