// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jns.folders.InUse;
import org.jns.jnsd.login.Workbench;
import org.jns.jnsd.views.ResidentViews;
import org.jns.linux.Syscalls;
import org.jns.model.NamespaceKind;
import org.jns.state.View;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the views that are no longer in use. Moves its thread to the keeper's mount namespace and back to the host's.
 */
final class IdleViews {
    private static final Logger LOG = LoggerFactory.getLogger(IdleViews.class);

    private final Syscalls sys;
    private final Workbench.Common common;
    private final ResidentViews views;

    IdleViews(Syscalls sys, Workbench.Common common, ResidentViews views) {
        this.sys = sys;
        this.common = common;
        this.views = views;
    }

    /**
     * The result of a look at idle views.
     *
     * @param stay the users to look at again: a view of theirs has no session, but a process, or it was used a moment
     *     ago
     * @param gone in words, the views that were removed
     * @param doubts in words, what could not be found out
     */
    record Result(Set<Long> stay, List<String> gone, List<String> doubts) {
        Result() {
            this(new HashSet<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Removes the views of these users without a session or a process. The check reads no mount table. */
    Result look(List<Long> users) {
        Result result = new Result();
        long since = System.nanoTime();
        List<View> idle =
                views.idle().stream().filter(view -> users.contains(view.uid())).toList();
        if (idle.isEmpty()) {
            return result;
        }
        List<View> retired = new ArrayList<>();
        try (SupportProcesses supportProcesses = new SupportProcesses(sys, idle)) {
            InUse inUse = InUse.scan(
                    sys, InUse.Question.ofNamespaces(namespaces(idle), users(idle)), supportProcesses.exceptions());
            inUse.doubts().forEach(doubt -> result.doubts().add(doubt.toString()));
            for (View view : idle) {
                if (isInUse(view, inUse) || !views.retire(view.id(), since)) {
                    result.stay().add(view.uid());
                } else {
                    retired.add(view);
                }
            }
            // Before the records that name them: if this process is killed here, the next start finds the rest.
            for (View view : supportProcesses.end(retired)) {
                LOG.atWarn()
                        .addKeyValue("EVENT", "attendant-killed")
                        .addKeyValue("VIEW", view.id())
                        .log("{}: a process of view {} did not end in time, and was killed", view.user(), view.id());
            }
        }
        remove(retired);
        for (View view : retired) {
            result.gone().add("view " + view.id() + " of " + view.user());
            LOG.atInfo()
                    .addKeyValue("EVENT", "view-end")
                    .addKeyValue("VIEW", view.id())
                    .addKeyValue("USER", view.user())
                    .addKeyValue("UID", view.uid())
                    .log("{}: view {} ended", view.user(), view.id());
        }
        return result;
    }

    private static Set<Long> namespaces(List<View> views) {
        Set<Long> namespaces = new HashSet<>();
        for (View view : views) {
            namespaces.add(view.namespace());
            view.inode(NamespaceKind.PID).ifPresent(namespaces::add);
        }
        return namespaces;
    }

    private static Set<Long> users(List<View> views) {
        Set<Long> users = new HashSet<>();
        for (View view : views) {
            users.add(view.uid());
        }
        return users;
    }

    /**
     * A process that has left the view's mounts is still in its PID namespace, and would end with the first process of
     * that namespace.
     */
    private static boolean isInUse(View view, InUse inUse) {
        OptionalLong pids = view.inode(NamespaceKind.PID);
        return inUse.hasSandbox(view.uid())
                || inUse.hasNamespace(view.namespace())
                || pids.isPresent() && inUse.hasNamespace(pids.getAsLong());
    }

    /** Removes the pins first: the next start finds a record without a pin, and what was in that view. */
    private void remove(List<View> retired) {
        common.pins().remove(sys, retired.stream().map(View::id).toList());
        retired.forEach(view -> common.records().removeView(sys, view.id()));
    }
}
