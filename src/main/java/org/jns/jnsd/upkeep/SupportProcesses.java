// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.upkeep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.folders.InUse;
import org.jns.linux.Fd;
import org.jns.linux.Processes;
import org.jns.state.SupportProcess;
import org.jns.state.View;

/**
 * The support processes of some views, as long as this is open: they do not keep a view alive, and end with it.
 *
 * <p>Reasons: docs/decisions/52-life-of-a-volume.md
 */
public final class SupportProcesses implements AutoCloseable {
    /** A process that keeps a volume mounted takes six seconds at most, if its program hangs. */
    static final long END_WITHIN_MS = 8_000;

    private static final long KILLED_WITHIN_MS = 1_000;

    private final Processes sys;
    private final Map<String, List<Held>> byView = new HashMap<>();

    private record Held(SupportProcess supportProcess, Fd handle) {}

    public SupportProcesses(Processes sys, List<View> views) {
        this.sys = sys;
        try {
            for (View view : views) {
                hold(view);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void hold(View view) {
        for (SupportProcess supportProcess : view.supportProcesses()) {
            Optional<Fd> handle = supportProcess.process().watch(sys);
            if (handle.isPresent()) {
                byView.computeIfAbsent(view.id(), id -> new ArrayList<>()).add(new Held(supportProcess, handle.get()));
            }
        }
    }

    /** The processes to ignore when deciding whether a view is in use. */
    InUse.Except exceptions() {
        Set<Integer> alone = new HashSet<>();
        Set<Integer> families = new HashSet<>();
        for (List<Held> ofView : byView.values()) {
            for (Held held : ofView) {
                boolean family = held.supportProcess().kind() == SupportProcess.Kind.VOLUME;
                (family ? families : alone).add(held.supportProcess().process().pid());
            }
        }
        return new InUse.Except(alone, families);
    }

    /**
     * Tells the support processes of those views to end, and waits for them; kills those that take too long.
     *
     * @return the views with a process that had to be killed
     */
    public List<View> end(List<View> views) {
        for (View view : views) {
            for (Held held : of(view)) {
                // The first process of a PID namespace receives no other signal, pid_namespaces(7).
                boolean isInit = held.supportProcess().kind() == SupportProcess.Kind.INIT;
                sys.signal(held.handle(), isInit ? Processes.SIGKILL : Processes.SIGTERM);
            }
        }
        long until = System.nanoTime() + END_WITHIN_MS * 1_000_000;
        List<View> killed = new ArrayList<>();
        for (View view : views) {
            boolean inTime = true;
            for (Held held : of(view)) {
                inTime &= sys.awaitEnd(held.handle(), Math.max(0, (until - System.nanoTime()) / 1_000_000));
            }
            if (!inTime) {
                of(view).forEach(this::kill);
                killed.add(view);
            }
        }
        return killed;
    }

    private void kill(Held held) {
        sys.signal(held.handle(), Processes.SIGKILL);
        sys.awaitEnd(held.handle(), KILLED_WITHIN_MS);
    }

    private List<Held> of(View view) {
        return byView.getOrDefault(view.id(), List.of());
    }

    @Override
    public void close() {
        byView.values().forEach(ofView -> ofView.forEach(held -> held.handle().close()));
        byView.clear();
    }
}
