// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

/** Where log entries go. Called by many threads at once; one entry stays in one piece. */
public interface JournalSink {
    /** @return false when the entry was not written, so that another sink can have it */
    boolean write(JournalEntry entry);
}
