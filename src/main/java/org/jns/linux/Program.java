// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Type;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Arch.Call;

/**
 * A process that this thread starts by posix_spawn(3), in its own mount namespace: the C library's code between vfork
 * and exec uses none of the JVM's memory. The JVM does not know the process: it waits only for its own children, each
 * by number.
 */
final class Program {
    private static final int ECHILD = 10;
    private static final long P_PID = 1;
    private static final long WNOHANG = 1;
    private static final long WEXITED = 4;
    private static final long SIGKILL = 9;
    /** How long a program may clean up after its connection was closed. */
    private static final int TIDY_TRIES = 100;

    private static final int TIDY_MS = 10;

    private static final int ACTIONS_SIZE = 256;
    private static final int POINTER = 8;
    private static final int MOST_ANSWER = 4096;

    private static final CallContext OF_ONE = LibC.context(Type.SINT, 1);
    private static final CallContext OF_TWO = LibC.context(Type.SINT, 2);
    private static final CallContext OF_THREE = LibC.context(Type.SINT, 3);
    private static final CallContext OF_SIX = LibC.context(Type.SINT, 6);
    private static final long SPAWN = LibC.address("posix_spawn");
    private static final long ACTIONS_INIT = LibC.address("posix_spawn_file_actions_init");
    private static final long ACTIONS_DESTROY = LibC.address("posix_spawn_file_actions_destroy");
    private static final long ADD_DUP = LibC.address("posix_spawn_file_actions_adddup2");
    private static final long ADD_FCHDIR = LibC.address("posix_spawn_file_actions_addfchdir_np");

    private final SyscallCaller caller;
    private final Invoker invoker = Invoker.getInstance();

    Program(SyscallCaller caller) {
        this.caller = caller;
    }

    /** See {@link Syscalls#runProgram}. */
    Optional<byte[]> run(Fd folder, Fd input, Fd nothing, List<String> command, long milliseconds) {
        Optional<Syscalls.Report> started = start(folder, input, nothing, command, 0, milliseconds);
        if (started.isEmpty()) {
            return Optional.empty();
        }
        started.get().connection().close();
        return Optional.of(started.get().packet());
    }

    /** See {@link Syscalls#startProgram}. */
    Optional<Syscalls.Report> start(
            Fd folder, Fd input, Fd third, List<String> command, int mostPassed, long milliseconds) {
        Sockets sockets = new Sockets();
        Sockets.Pair pair = sockets.pair();
        long child;
        try {
            child = spawn(folder, input, third, pair.other(), command);
        } catch (RuntimeException e) {
            pair.one().close();
            throw e;
        } finally {
            pair.other().close();
        }
        Optional<Sockets.ReceivedAll> answer = Optional.empty();
        try {
            answer = sockets.receiveAll(pair.one(), MOST_ANSWER, mostPassed, milliseconds);
        } finally {
            if (answer.isEmpty()) {
                // Before waiting for it, because it may be waiting for this.
                pair.one().close();
            }
            reap(child, answer.isPresent());
        }
        return answer.isPresent()
                ? Optional.of(
                        new Syscalls.Report(answer.get().packet(), answer.get().passed(), pair.one()))
                : Optional.empty();
    }

    private long spawn(Fd folder, Fd input, Fd nothing, Fd output, List<String> command) {
        List<byte[]> words = new ArrayList<>();
        int size = ACTIONS_SIZE + (command.size() + 3) * POINTER;
        for (String word : command) {
            if (word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("argument of a program has a NUL");
            }
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            words.add(bytes);
            size += bytes.length + 1;
        }
        NativeMemory memory = new NativeMemory(size);
        long actions = memory.address();
        int pid = ACTIONS_SIZE;
        int argv = pid + POINTER;
        // An argument list that ends with a null; the null after it is the environment, which is empty.
        int environment = argv + (command.size() + 1) * POINTER;
        int text = environment + POINTER;
        for (int i = 0; i < words.size(); i++) {
            memory.putBytes(text, words.get(i));
            memory.putLong(argv + i * POINTER, memory.address() + text);
            text += words.get(i).length + 1;
        }
        check("posix_spawn_file_actions_init", invoker.invokeN1(OF_ONE, ACTIONS_INIT, actions));
        try {
            // Without close-on-exec: dup2(2) clears it.
            check("adddup2", invoker.invokeN3(OF_THREE, ADD_DUP, actions, input.number(), 0));
            check("adddup2", invoker.invokeN3(OF_THREE, ADD_DUP, actions, output.number(), 1));
            check("adddup2", invoker.invokeN3(OF_THREE, ADD_DUP, actions, nothing.number(), 2));
            check("addfchdir", invoker.invokeN2(OF_TWO, ADD_FCHDIR, actions, folder.number()));
            // A path without a slash is relative to the folder: posix_spawn(3), unlike posix_spawnp(3), searches
            // nothing.
            long base = memory.address();
            long error = invoker.invokeN6(
                    OF_SIX, SPAWN, base + pid, memory.getLong(argv), actions, 0, base + argv, base + environment);
            check("posix_spawn " + command.get(0), error);
        } finally {
            invoker.invokeN1(OF_ONE, ACTIONS_DESTROY, actions);
            // The calls get only its address.
            Reference.reachabilityFence(memory);
        }
        return Integer.toUnsignedLong(memory.getInt(pid));
    }

    /** These functions return the error instead of setting errno. */
    private static void check(String call, long error) {
        if ((int) error != 0) {
            throw new SyscallException(call, "", (int) error);
        }
    }

    /** Until it is reaped, its pid is not reused. */
    private void reap(long child, boolean answered) {
        for (int i = 0; !answered && i < TIDY_TRIES; i++) {
            if (hasEnded(child, WNOHANG)) {
                return;
            }
            pause();
        }
        if (!answered) {
            caller.call(Call.KILL, "", child, SIGKILL);
        }
        hasEnded(child, 0);
    }

    /**
     * Whether it has ended. If the JVM was started with SIGCHLD ignored, there is nothing to wait for, sigaction(2).
     */
    private boolean hasEnded(long child, long flags) {
        Scratch.Slot info = caller.scratch.begin().room(128);
        try {
            caller.call(Call.WAITID, "", P_PID, child, info.address(), WEXITED | flags);
            return flags == 0 || info.getInt(0) != 0;
        } catch (SyscallException e) {
            if (e.errno() == ECHILD) {
                return true;
            }
            throw e;
        }
    }

    private void pause() {
        Scratch.Slot time = caller.scratch.begin().room(16);
        time.putLong(8, TIDY_MS * 1_000_000L);
        caller.call(Call.PPOLL, "", 0, 0, time.address(), 0, 8);
    }
}
