// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.Nullable;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Step;

/**
 * The tmpfs mounts that a view shares with the user's other views: those that it gets from an older view instead of new
 * ones, and copies of its own for later views.
 */
public final class HandedOn implements AutoCloseable {
    private final Map<Step, Fd> before = new IdentityHashMap<>();
    private final Map<Step, String> wanted = new IdentityHashMap<>();
    private final List<Copy> copies = new ArrayList<>();

    /**
     * A detached mount of what a step has made.
     *
     * @param what describes what the step makes
     */
    public record Copy(String what, Fd tree) {}

    /** Later views will share what the step makes. */
    public void want(Step step, String what) {
        wanted.put(step, what);
    }

    /**
     * Provides what the step would otherwise make.
     *
     * @param tree a detached mount; the taker closes it, or it is closed with this
     */
    public void give(Step step, Fd tree) {
        before.put(step, tree);
    }

    public boolean has(Step step) {
        return before.containsKey(step);
    }

    /** The mount that was provided for the step; the caller closes it. */
    Optional<Fd> take(Step step) {
        return Optional.ofNullable(before.remove(step));
    }

    /**
     * Copies what the step has made, if later views share it.
     *
     * @param tree mounted in this thread's namespace: before Linux 6.15 a detached mount cannot be copied
     * @param warnings gets the errors: a later view then shares nothing
     */
    void copy(Syscalls sys, Step step, @Nullable Fd tree, List<String> warnings) {
        String what = wanted.get(step);
        if (what == null || tree == null) {
            return;
        }
        try {
            copies.add(new Copy(what, sys.cloneTree(tree, false)));
        } catch (SyscallException e) {
            warnings.add(
                    "cannot keep what will be in " + step.onto() + " for the user's later views: " + e.getMessage());
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
