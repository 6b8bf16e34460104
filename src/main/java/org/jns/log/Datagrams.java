// SPDX-License-Identifier: Apache-2.0
package org.jns.log;

/**
 * Sends whole datagrams to the journal. This package opens no socket itself: the daemon passes one that was connected
 * in the host's mount namespace.
 */
public interface Datagrams {
    /**
     * Sends one whole entry without waiting, because a slow journal must not delay a login.
     *
     * @return false if the entry was not sent, for any reason
     */
    boolean send(byte[] entry);
}
