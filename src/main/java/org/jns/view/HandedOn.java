// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Step;

/** What a view gets from an older one instead of having it made, and copies of what it has in memory, for later ones. */
public final class HandedOn implements AutoCloseable {
    private final Map<Step, Fd> before = new IdentityHashMap<>();
    private final Map<Step, String> wanted = new IdentityHashMap<>();
    private final List<Copy> copies = new ArrayList<>();

    /**
     * A mount that is nowhere, of what a step has made.
     *
     * @param what the step makes
     */
    public record Copy(String what, Fd tree) {}

    /** Later views shall have what the step makes, too. */
    public void want(Step step, String what) {
        wanted.put(step, what);
    }

    /**
     * What the step would make is there.
     *
     * @param tree a mount that is nowhere; the taker closes it, or it is closed with this
     */
    public void give(Step step, Fd tree) {
        before.put(step, tree);
    }

    public boolean has(Step step) {
        return before.containsKey(step);
    }

    /** What was given for the step; the caller closes it. */
    Optional<Fd> take(Step step) {
        return Optional.ofNullable(before.remove(step));
    }

    /**
     * Copies what the step has made, if that is wanted.
     *
     * @param tree mounted in this thread's namespace: before Linux 6.15 what is mounted nowhere cannot be copied
     * @param warnings gets what went wrong: a later view does without
     */
    void copy(Syscalls sys, Step step, Fd tree, List<String> warnings) {
        String what = wanted.get(step);
        if (what == null) {
            return;
        }
        try {
            copies.add(new Copy(what, sys.cloneTree(tree, false)));
        } catch (SyscallException e) {
            warnings.add("cannot keep what will be in " + step.onto() + " for the user's later views: " + e.getMessage());
        }
    }

    /** They are closed with this. */
    public List<Copy> copies() {
        return List.copyOf(copies);
    }

    @Override
    public void close() {
        for (Fd tree : before.values()) {
            tree.close();
        }
        before.clear();
        for (Copy copy : copies) {
            copy.tree().close();
        }
    }
}
