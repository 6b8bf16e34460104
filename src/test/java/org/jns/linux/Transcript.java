// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The calls that were made, one for each line; decides which of them fail, and when something happens in between. */
public final class Transcript {
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final Map<String, Runnable> meanwhile = new HashMap<>();
    private int calls;
    private int failingCall = -1;
    private int failingErrno;

    /** From now on, the n-th call of that name fails; counted from 1. */
    public void fail(String call, int nth, int errno) {
        failures.put(key(call, nth), errno);
    }

    /** The call of that number, counted from 0 over all names and from the beginning, fails. */
    public void failCall(int number, int errno) {
        failingCall = number;
        failingErrno = errno;
    }

    /** What another process does just before the n-th call of that name, counted from now on. */
    public void meanwhile(String call, int nth, Runnable action) {
        meanwhile.put(key(call, nth), action);
    }

    private String key(String call, int nth) {
        return call + "#" + (counts.getOrDefault(call, 0) + nth);
    }

    /** How many calls there were, without those that close. */
    public int calls() {
        return calls;
    }

    /** Whether the call that should fail was made. */
    public boolean hasFailed() {
        return failingCall >= 0 && calls > failingCall;
    }

    /** Forgets the lines, not the counts. */
    public void clear() {
        lines.clear();
    }

    void line(String line) {
        lines.add(line);
    }

    <T> T call(String name, String arguments, Supplier<T> action, Function<Object, String> shown) {
        int nth = counts.merge(name, 1, Integer::sum);
        Optional.ofNullable(meanwhile.remove(name + "#" + nth)).ifPresent(Runnable::run);
        String line = (name + " " + arguments).strip();
        try {
            Integer errno = calls++ == failingCall ? Integer.valueOf(failingErrno) : failures.get(name + "#" + nth);
            if (errno != null) {
                throw new SyscallException(name, arguments, errno);
            }
            T result = action.get();
            lines.add(line + (result == null ? "" : " = " + shown.apply(result)));
            return result;
        } catch (SyscallException e) {
            lines.add(line + " = " + Errno.name(e.errno()));
            throw e;
        }
    }

    /** The lines; random names end in {@code *}. */
    @Override
    public String toString() {
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        return text.replaceAll("(\\.(?:jns-)?new-|aside-[0-9]+-)[0-9a-f]+", "$1*")
                .replaceAll("(?m)^(move \\S+ \\d+/)[0-9a-f]+", "$1*");
    }
}
