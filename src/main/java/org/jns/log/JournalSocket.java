// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

/** Writes entries to journald's native socket. */
public final class JournalSocket implements JournalSink {
    private final Datagrams datagrams;
    private final String identifier;

    /**
     * @param identifier the program's name in the journal, such as {@code jnsd}
     * @throws IllegalArgumentException if the identifier contains anything except ASCII letters, digits, '-', '_' and
     *     '.'
     */
    public JournalSocket(Datagrams datagrams, String identifier) {
        if (!identifier.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("cannot log as '" + identifier + "': not a program name");
        }
        this.datagrams = datagrams;
        this.identifier = identifier;
    }

    @Override
    public boolean write(JournalEntry entry) {
        return datagrams.send(entry.datagram(identifier));
    }
}
