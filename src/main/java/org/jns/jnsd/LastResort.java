// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when an uncaught exception ends one of its threads: half a daemon would admit logins and clean up
 * nothing, or lose track of sessions. The service manager starts another one, which finds all sessions and views again;
 * until then each login starts a daemon for one login.
 */
public final class LastResort implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);
    private static final int BROKEN = 70;

    private final IntConsumer exit;

    /** @param exit ends the process with the given status, without waiting for any thread */
    public LastResort(IntConsumer exit) {
        this.exit = exit;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        try {
            LOG.atError()
                    .addKeyValue("EVENT", "thread-ended")
                    .setCause(thrown)
                    .log("internal error: thread {} has ended, and the daemon ends with it", thread.getName());
        } finally {
            exit.accept(BROKEN);
        }
    }
}
