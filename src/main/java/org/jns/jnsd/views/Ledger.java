// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Plan;
import org.jns.model.Printable;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Volume;
import org.jns.state.Pins;
import org.jns.state.Records;
import org.jns.state.SeenProcess;
import org.jns.state.Session;
import org.jns.state.SupportProcess;
import org.jns.state.View;
import org.jns.wire.Request;

/**
 * Writes what remains of a login before it is answered: the pin of its view, and the records of the view and the
 * session. If the process is killed in between, a pin without a record or a view without a session remains, which the
 * next daemon removes. Belongs to one thread.
 *
 * <p>Reasons: docs/decisions/20-records-before-the-answer.md
 */
public final class Ledger {
    private final Syscalls sys;
    private final Records records;
    private final Pins pins;
    private final JoinableViews views;
    private final UnseenViews unseenViews;

    /**
     * What a session was given.
     *
     * @param joined whether the view existed before
     */
    public record Given(Session session, View view, Namespaces namespaces, boolean joined, List<String> warnings) {}

    /**
     * @param state the folder with the state of jns
     */
    public Ledger(Syscalls sys, AbsPath state, Records records, Pins pins, JoinableViews views) {
        this.unseenViews = new UnseenViews(sys, state, records, pins, views);
        this.sys = sys;
        this.records = records;
        this.pins = pins;
        this.views = views;
    }

    /** The view needs a PID namespace, and the session cannot leave its current one. */
    public static final class Barred extends Exception {
        private static final long serialVersionUID = 1;

        private Barred() {
            super(null, null, false, false);
        }
    }

    /**
     * @param leader the process that asked
     * @param viewChange the login program's move
     * @return empty if no view has that key
     * @throws SyscallException if the views cannot be read
     * @throws Barred if the session cannot enter the view
     */
    public Optional<Given> join(Request.Open request, int leader, Subject subject, String key, ViewChange viewChange)
            throws Barred {
        String id = Session.newId();
        // Before the session is in the view: it would stay there if this failed.
        SeenProcess seen = new SeenProcess(leader, sys.sinceBoot());
        Optional<JoinableViews.JoinedView> shared = joinWhole(subject.uid(), key, id);
        if (shared.isEmpty() && unseenViews.await(subject.uid())) {
            shared = joinWhole(subject.uid(), key, id);
        }
        if (shared.isEmpty()) {
            return Optional.empty();
        }
        if (viewChange.isBarred(shared.get().view())) {
            views.leave(shared.get().view().id(), id);
            throw new Barred();
        }
        Session session =
                session(id, request, seen, subject, shared.get().view().id());
        List<String> warnings = new ArrayList<>();
        write(session, warnings);
        return Optional.of(new Given(session, shared.get().view(), shared.get().namespaces(), true, warnings));
    }

    /**
     * If a volume of the view has died, the user would find the folder below it, or an error: a new view has the volume
     * again.
     */
    private Optional<JoinableViews.JoinedView> joinWhole(long uid, String key, String session) {
        Optional<JoinableViews.JoinedView> shared = views.join(uid, key, session);
        while (shared.isPresent() && !isWhole(shared.get(), session)) {
            views.excludeDamaged(shared.get(), session);
            shared = views.join(uid, key, session);
        }
        return shared;
    }

    private boolean isWhole(JoinableViews.JoinedView shared, String session) {
        try {
            return shared.view().isWhole(sys);
        } catch (SyscallException e) {
            views.leave(shared.view().id(), session);
            throw e;
        }
    }

    /**
     * A view that was built, to be written down.
     *
     * @param plan as it was carried out
     * @param rules the names of the rules that apply to this login
     * @param key empty: no other session gets this view
     * @param namespaces if sessions share the view, they belong to the callee from now on; else the caller closes them
     *     after it sent them
     * @param supportProcesses the processes that serve volumes and namespaces
     * @param memory the view's tmpfs mounts that later views may share; the caller closes it
     */
    public record NewView(
            Plan plan,
            List<String> rules,
            String key,
            Namespaces namespaces,
            List<SupportProcess> supportProcesses,
            List<Pins.Part> memory) {}

    /**
     * Writes down a view and its first session. The thread is in the host's mount namespace afterwards, unless that failed.
     *
     * @param id of the session
     * @param warnings gets what could not be written down
     * @throws SyscallException if nothing can be recorded; the caller then still owns the namespaces and the support
     *     processes
     */
    public Given begin(String id, Request.Open request, int leader, NewView made, List<String> warnings) {
        Subject subject = made.plan().subject();
        Namespaces namespaces = made.namespaces();
        String name =
                subject.uid() + "." + Printable.hex(ThreadLocalRandom.current().nextLong(), 16);
        View view = new View(
                name,
                subject.user(),
                subject.uid(),
                sys.stat(namespaces.mounts()).inode(),
                made.key(),
                made.rules(),
                shown(made.plan()),
                made.supportProcesses(),
                others(namespaces),
                texts(made.memory()),
                now());
        Session session = session(id, request, new SeenProcess(leader, sys.sinceBoot()), subject, name);
        try {
            if (!views.isResident()) {
                // Before the view can be entered: the resident daemon may answer a program that comes out of it.
                records.markUnseen(sys, name);
            }
            String trouble = pins.add(sys, name, namespaces, made.memory());
            if (!trouble.isEmpty()) {
                warnings.add("cannot keep what the view has in memory for the user's later views: " + trouble);
            }
            records.write(sys, view);
        } catch (SyscallException e) {
            if (!made.supportProcesses().isEmpty() || !views.isResident()) {
                // Otherwise nobody would end the processes after a restart, or list an unknown view.
                pins.discard(sys, name);
                records.unmarkUnseen(sys, name);
                throw e;
            }
            warnings.add("cannot write down the view: " + e.getMessage()
                    + "; after a restart of jnsd the user's next session gets another");
        }
        write(session, warnings);
        views.add(view, namespaces, id);
        return new Given(session, view, namespaces, false, warnings);
    }

    private static List<String> texts(List<Pins.Part> memory) {
        List<String> texts = new ArrayList<>();
        for (Pins.Part part : memory) {
            texts.add(part.what());
        }
        return texts;
    }

    /**
     * The user's views with tmpfs mounts to share, the newest first, whichever process made them.
     *
     * @throws SyscallException if the views cannot be read
     */
    public List<View> withMemory(long uid) {
        List<View> found = new ArrayList<>();
        for (String id : pins.withMemory(sys, uid)) {
            Optional<View> view = records.view(sys, id);
            if (view.isPresent()) {
                int at = 0;
                while (at < found.size() && found.get(at).since() > view.get().since()) {
                    at++;
                }
                found.add(at, view.get());
            }
        }
        return found;
    }

    /** See {@link Pins#copy}. */
    public String copy(Fd here, List<Pins.Place> places, List<Optional<Fd>> copies) {
        return pins.copy(sys, here, places, copies);
    }

    private static Session session(String id, Request.Open request, SeenProcess leader, Subject subject, String view) {
        return new Session(id, subject.user(), subject.uid(), request.service(), request.tty(), leader, view, now());
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    private void write(Session session, List<String> warnings) {
        try {
            records.write(sys, session);
        } catch (SyscallException e) {
            if (!views.isResident()) {
                throw e;
            }
            warnings.add(
                    "cannot write down the session: " + e.getMessage() + "; after a restart of jnsd it is not known");
        }
    }

    private static List<View.Shown> shown(Plan plan) {
        List<View.Shown> shown = new ArrayList<>();
        for (Step step : plan.steps()) {
            if (step.isMount()) {
                String place =
                        step.origin().at().file() + ":" + step.origin().at().line();
                shown.add(
                        new View.Shown(step.onto(), step.action(), step.origin().rule(), place));
            }
        }
        for (Volume volume : plan.volumes()) {
            String place =
                    volume.origin().at().file() + ":" + volume.origin().at().line();
            shown.add(new View.Shown(
                    volume.target(), volume.action(), volume.origin().rule(), place));
        }
        return shown;
    }

    private List<View.Namespace> others(Namespaces namespaces) {
        List<View.Namespace> others = new ArrayList<>();
        for (Namespaces.Other other : namespaces.others()) {
            others.add(new View.Namespace(other.kind(), sys.stat(other.file()).inode()));
        }
        return others;
    }

    /**
     * Learns of new views before a login is served: the login may come from a view that another process made, or be
     * about to make a second one.
     *
     * @throws SyscallException if the views cannot be read
     */
    public void meetUnseenViews() {
        unseenViews.meet();
    }

    /**
     * The process's current view; NONE also if that has no namespace but its mounts, because setns(2) changes those
     * anyway.
     */
    public ViewChange viewChange(int pid) {
        return views.mayHaveOthers() ? new ViewChange(viewOf(pid).filter(Ledger::hasOthers)) : ViewChange.NONE;
    }

    private static boolean hasOthers(View view) {
        return !view.others().isEmpty();
    }

    /** The view that the process is in; empty if it is in none, or that is unknown. */
    public Optional<View> viewOf(int pid) {
        try {
            Optional<Fd> namespace = sys.namespaceOf(pid);
            return namespace.isPresent() ? views.of(inode(namespace.get())) : Optional.empty();
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    private long inode(Fd namespace) {
        try (namespace) {
            return sys.stat(namespace).inode();
        }
    }
}
