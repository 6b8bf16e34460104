// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jns.linux.NameService;
import org.jns.linux.SyscallException;
import org.jns.linux.Threads;

/**
 * Asks the name service, nsswitch.conf(5), with a deadline: a directory that does not answer may block a thread without
 * limit. After the first question without an answer no other is asked.
 */
final class Directory implements AutoCloseable {
    private final LinkedBlockingQueue<Runnable> questions = new LinkedBlockingQueue<>();
    private final NameService names;
    private final Patience patience;
    private boolean silent;
    private boolean started;

    /** A database did not answer, which says nothing about any user. */
    static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        NoAnswer(String message) {
            super(message, null, false, false);
        }
    }

    /** @param names used only on this object's thread */
    Directory(NameService names, Patience patience) {
        this.names = names;
        this.patience = patience;
    }

    /** @return empty if the user does not exist */
    Optional<Account> user(String name) throws NoAnswer {
        return ask("user " + name, service -> service.user(name).map(entry -> {
            List<Long> gids = new ArrayList<>(service.groupsOf(entry.name(), entry.gid()));
            gids.add(entry.gid());
            return new Account(
                    entry.name(), entry.uid(), entry.gid(), entry.home(), entry.shell(), new HashSet<>(gids));
        }));
    }

    /** @return empty if the user does not exist */
    OptionalLong userId(String name) throws NoAnswer {
        Optional<Long> uid = ask("user " + name, service -> service.user(name).map(entry -> entry.uid()));
        return uid.map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /** @return empty if the group does not exist */
    OptionalLong groupId(String name) throws NoAnswer {
        return ask("group " + name, service -> service.groupId(name));
    }

    /** @return the names of the listed members of the group, without users whose primary group it is */
    List<String> members(String group) throws NoAnswer {
        return ask("group " + group, service -> service.members(group));
    }

    /** @return empty if the group has no name */
    Optional<String> groupName(long gid) throws NoAnswer {
        return ask("group " + gid, service -> service.groupName(gid));
    }

    private <T> T ask(String about, Function<NameService, T> question) throws NoAnswer {
        if (silent || patience.isOver()) {
            throw new NoAnswer("the name service was not asked for " + about + ": it does not answer in time");
        }
        FutureTask<T> task = new FutureTask<>(() -> question.apply(names));
        start();
        questions.add(task);
        try {
            return task.get(patience.millisecondsForOne(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            silent = true;
            throw new NoAnswer("the name service does not answer in time for " + about);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SyscallException failure) {
                throw new NoAnswer("the name service cannot answer for " + about + ": " + failure.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("the name service was not asked for " + about);
        }
    }

    private void start() {
        if (!started) {
            Thread thread = new Thread(this::answer, "preflight-names");
            thread.setDaemon(true);
            // Without this, no question is answered in time.
            started = Threads.start(thread);
        }
    }

    private void answer() {
        try {
            while (true) {
                questions.take().run();
            }
        } catch (InterruptedException | Ended e) {
            return;
        }
    }

    /** Ends the thread. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super(null, null, false, false);
        }
    }

    @Override
    public void close() {
        // A separate task: if a task hangs, this one follows it, whenever it returns.
        questions.add(() -> {
            throw new Ended();
        });
    }
}
