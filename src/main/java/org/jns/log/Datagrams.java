// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

/**
 * Where whole datagrams leave for the journal. This package opens no socket itself: the daemon's start-up hands it one that
 * was connected in the host's mount namespace.
 */
public interface Datagrams {
    /**
     * Sends one entry, whole, without waiting: a journal that does not keep up must not hold a login.
     *
     * @return false when the entry did not leave, for whatever reason
     */
    boolean send(byte[] entry);
}
