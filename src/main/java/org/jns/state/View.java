// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.List;
import java.util.OptionalLong;
import org.jns.linux.Processes;
import org.jns.model.AbsPath;
import org.jns.model.NamespaceKind;

/**
 * A view: a mount namespace that was made for a user.
 *
 * @param id the uid, a dot and 16 hexadecimal digits; the name of its record and of its pin
 * @param namespace the inode of the mount namespace
 * @param key decides whether a further login gets this view too; empty: none does
 * @param rules the names of the rules that made it
 * @param shown what was mounted, in order
 * @param supportProcesses processes that end with it
 * @param others its namespaces of other kinds, in the kinds' order
 * @param memory its tmpfs mounts that later views may share, each with a text that describes it
 * @param since seconds since 1970
 */
public record View(
        String id,
        String user,
        long uid,
        long namespace,
        String key,
        List<String> rules,
        List<Shown> shown,
        List<SupportProcess> supportProcesses,
        List<Namespace> others,
        List<String> memory,
        long since) {

    public View {
        rules = List.copyOf(rules);
        shown = List.copyOf(shown);
        supportProcesses = List.copyOf(supportProcesses);
        others = List.copyOf(others);
        memory = List.copyOf(memory);
    }

    /** A view without tmpfs mounts to share. */
    public View(
            String id,
            String user,
            long uid,
            long namespace,
            String key,
            List<String> rules,
            List<Shown> shown,
            List<SupportProcess> supportProcesses,
            List<Namespace> others,
            long since) {
        this(id, user, uid, namespace, key, rules, shown, supportProcesses, others, List.of(), since);
    }

    /** A view that has only its own mounts. */
    public View(
            String id,
            String user,
            long uid,
            long namespace,
            String key,
            List<String> rules,
            List<Shown> shown,
            List<SupportProcess> supportProcesses,
            long since) {
        this(id, user, uid, namespace, key, rules, shown, supportProcesses, List.of(), since);
    }

    /** A namespace of another kind. */
    public record Namespace(NamespaceKind kind, long inode) {}

    /**
     * One mount of a view.
     *
     * @param action as rules name it
     * @param rule the name of the rule that asks for it
     * @param place that rule's file and line
     */
    public record Shown(AbsPath target, String action, String rule, String place) {}

    /** Whether it has its own namespace of that kind. */
    public boolean has(NamespaceKind kind) {
        return inode(kind).isPresent();
    }

    /** The inode of its own namespace of that kind other than mnt, if it has one. */
    public OptionalLong inode(NamespaceKind kind) {
        for (Namespace other : others) {
            if (other.kind() == kind) {
                return OptionalLong.of(other.inode());
            }
        }
        return OptionalLong.empty();
    }

    public boolean isShared() {
        return !key.isEmpty();
    }

    /**
     * Whether all of its support processes run.
     *
     * @throws org.jns.linux.SyscallException if the kernel does not tell
     */
    public boolean isWhole(Processes processes) {
        for (SupportProcess supportProcess : supportProcesses) {
            if (!supportProcess.runs(processes)) {
                return false;
            }
        }
        return true;
    }
}
