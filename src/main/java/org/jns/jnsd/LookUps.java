// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jns.config.Known;
import org.jns.config.Policy;
import org.jns.jnsd.login.LoginThreads;
import org.jns.linux.AccountFiles;
import org.jns.linux.NameService;

/**
 * Looks up the names in the rules on a separate thread: a directory service may not answer, and neither the main thread
 * nor a login waits for it. The main thread asks.
 */
final class LookUps {
    private final NameService names = new NameService();
    private final AccountFiles files;
    private final Consumer<Known> done;
    private final LoginThreads.Beat beat;
    private volatile Known known = Known.NOTHING;
    private Policy.Wanted wanted = new Policy.Wanted(Set.of(), List.of());
    private long asked;
    private long answered;
    /** When the oldest unanswered question was asked, in {@link System#nanoTime}. */
    private long since;

    /**
     * @param files read only by the thread
     * @param done takes what was found, on that thread
     */
    LookUps(AccountFiles files, Consumer<Known> done, LoginThreads.Beat beat) {
        this.beat = beat;
        this.files = files;
        this.done = done;
        Thread thread = new Thread(this::work, "names");
        thread.setDaemon(true);
        thread.start();
    }

    /** The last result. */
    Known known() {
        return known;
    }

    /** Does not wait. Replaces a question that was not begun yet. */
    synchronized void ask(Policy.Wanted next) {
        if (asked == answered) {
            since = System.nanoTime();
        }
        wanted = next;
        asked++;
        notifyAll();
    }

    /** For how many seconds the user database has not answered; 0 if it has. */
    synchronized double waiting() {
        return asked == answered ? 0 : (System.nanoTime() - since) / 1e9;
    }

    private void work() {
        beat.begin();
        while (true) {
            long number;
            Policy.Wanted next;
            beat.rest();
            synchronized (this) {
                while (asked == answered) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                number = asked;
                next = wanted;
            }
            beat.work();
            known = Known.ask(next, names, files, known);
            done.accept(known);
            synchronized (this) {
                answered = number;
                since = System.nanoTime();
                notifyAll();
            }
        }
    }
}
