// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.config.Settings;
import org.jns.folders.PrivateFolders;
import org.jns.jnsctl.output.Host;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.state.Records;
import org.jns.state.SeenProcess;
import org.jns.state.Session;
import org.jns.state.View;

/** The recorded sessions and views, with the kernel's current data. */
record Inventory(List<Lived> views, List<Open> strays) {
    /** For all private folders together, so that the answer takes only seconds. */
    private static final int MOST_FILES = 200_000;

    /**
     * A view with its sessions and processes.
     *
     * @param processes in it, by pid
     */
    record Lived(View view, List<Open> sessions, List<Integer> processes) {}

    /**
     * A session that has not ended, according to its record.
     *
     * @param leads whether its leader still runs; true if that is unknown
     */
    record Open(Session session, boolean leads) {}

    /** @throws Host.Failure if the records cannot be read */
    static Inventory take(Host host, Settings settings) {
        try (Records records = new Records(host.sys, settings.state())) {
            // The order matters: a view is recorded before its sessions, and its record is removed after theirs.
            List<Session> sessions = records.allSessions(host.sys);
            List<View> views = records.allViews(host.sys);
            return of(
                    views,
                    sessions.stream()
                            .map(session -> new Open(session, leads(session.leader(), host.sys)))
                            .toList(),
                    new ProcFolder().byNamespace());
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return new Inventory(List.of(), List.of());
            }
            throw new Host.Failure(
                    "cannot look at " + settings.state() + ": " + Errno.text(e.errno()) + "; run it as root");
        }
    }

    private static boolean leads(SeenProcess leader, Syscalls sys) {
        if (leader.pid() <= 0) {
            return true;
        }
        Optional<Fd> handle = leader.watch(sys);
        handle.ifPresent(Fd::close);
        return handle.isPresent();
    }

    /** Sorted by user, and then by age. */
    static Inventory of(List<View> views, List<Open> sessions, Map<Long, List<Integer>> processes) {
        Map<String, List<Open>> byView = new HashMap<>();
        sessions.forEach(open -> byView.computeIfAbsent(open.session().view(), view -> new ArrayList<>())
                .add(open));
        List<Lived> lived = new ArrayList<>();
        for (View view : views) {
            List<Open> in = sorted(byView.getOrDefault(view.id(), List.of()));
            byView.remove(view.id());
            lived.add(new Lived(view, in, processes.getOrDefault(view.namespace(), List.of())));
        }
        lived.sort(Comparator.comparing((Lived one) -> one.view().user())
                .thenComparing(one -> one.view().since())
                .thenComparing(one -> one.view().id()));
        return new Inventory(
                lived, sorted(byView.values().stream().flatMap(List::stream).toList()));
    }

    private static List<Open> sorted(List<Open> sessions) {
        return sessions.stream()
                .sorted(Comparator.comparing((Open open) -> open.session().user())
                        .thenComparing(open -> open.session().since())
                        .thenComparing(open -> open.session().id()))
                .toList();
    }

    /**
     * A part of it.
     *
     * @param which a user's name, or the id of a session, whose view is shown with all its sessions
     */
    Inventory of(String which) {
        List<Lived> chosen = views.stream()
                .filter(lived -> lived.view().user().equals(which)
                        || lived.sessions().stream()
                                .anyMatch(open -> open.session().id().equals(which)))
                .toList();
        return new Inventory(
                chosen,
                strays.stream()
                        .filter(open -> open.session().user().equals(which)
                                || open.session().id().equals(which))
                        .toList());
    }

    int sessions() {
        return strays.size()
                + views.stream().mapToInt(view -> view.sessions().size()).sum();
    }

    /** The folders of every user, by uid. */
    Map<Long, List<PrivateFolders.Folder>> privateFolders(Host host, Settings settings) {
        PrivateFolders folders = new PrivateFolders(host.sys, settings.instances(), MOST_FILES);
        Map<Long, List<PrivateFolders.Folder>> byUser = new HashMap<>();
        try {
            views.forEach(lived -> byUser.computeIfAbsent(lived.view().uid(), folders::of));
        } catch (SyscallException e) {
            throw new Host.Failure(
                    "cannot look at " + settings.instances() + ": " + Errno.text(e.errno()) + "; run it as root");
        }
        return byUser;
    }

    /** The view with that mount namespace. */
    Optional<Lived> ofNamespace(long inode) {
        return views.stream().filter(lived -> lived.view().namespace() == inode).findFirst();
    }
}
