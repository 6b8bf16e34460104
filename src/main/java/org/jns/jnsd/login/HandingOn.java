// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.jnsd.views.Ledger;
import org.jns.linux.Fd;
import org.jns.linux.Stat;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.Plan;
import org.jns.model.RuleSet;
import org.jns.model.Step;
import org.jns.plan.InMemory;
import org.jns.plan.Kinship;
import org.jns.state.Pins;
import org.jns.state.View;
import org.jns.view.FactsProbe;
import org.jns.view.HandedOn;

/**
 * Shares the contents of the tmpfs mounts of a user's older views with the new view, as far as its rules are the same:
 * programs in the older view and new sessions have the same tmpfs. Costs one system call for a user without such a
 * view.
 *
 * <p>Reasons: docs/decisions/22-handing-on.md
 */
final class HandingOn {
    /** How many views to try for one part: a view may end meanwhile, but hardly this many at once. */
    static final int MOST_PLACES = 4;

    private final Syscalls sys;
    private final Ledger ledger;

    HandingOn(Syscalls sys, Ledger ledger) {
        this.sys = sys;
        this.ledger = ledger;
    }

    /**
     * The thread is in the namespace that becomes the view, and is there again after the call.
     *
     * @param key of the new view; empty if no other session shares it
     * @param rules the names of the rules that apply to this login
     * @param inForce all rules
     * @param probe holds open what the plan names
     * @param memory gets the shared mounts; the caller closes it
     * @param warnings gets the reasons why something that might have been shared is not
     * @throws SyscallException if the thread cannot come back
     */
    void fill(
            String key,
            List<String> rules,
            RuleSet inForce,
            Plan plan,
            FactsProbe probe,
            HandedOn memory,
            List<String> warnings) {
        if (key.isEmpty()) {
            return;
        }
        List<InMemory.Part> parts = parts(plan, probe);
        for (InMemory.Part part : parts) {
            memory.want(part.step(), part.what());
        }
        // A program may count on an empty folder, and a root-owned program would work among files that the user has put
        // there.
        if (parts.isEmpty() || !plan.hooks().isEmpty()) {
            return;
        }
        String trouble = take(new Kinship(inForce, key, rules), plan, parts, memory);
        if (!trouble.isEmpty()) {
            warnings.add(
                    "cannot hand on what the user's older view has in memory, so the new one begins empty: " + trouble);
        }
    }

    /** The folders that an overlay shows must be the same files, not only have the same names. */
    private List<InMemory.Part> parts(Plan plan, FactsProbe probe) {
        List<InMemory.Part> parts = new ArrayList<>();
        for (InMemory.Part part : InMemory.of(plan)) {
            StringBuilder what = new StringBuilder(part.what());
            if (part.step() instanceof Step.Overlay overlay) {
                for (AbsPath lower : overlay.lower()) {
                    Optional<Fd> folder = probe.at(lower);
                    what.append(folder.isPresent() ? identity(sys.stat(folder.get())) : "made")
                            .append('\n');
                }
            }
            parts.add(new InMemory.Part(part.step(), what.toString()));
        }
        return parts;
    }

    private static String identity(Stat stat) {
        return stat.device() + ":" + stat.inode();
    }

    /** The error, or empty. */
    private String take(Kinship kinship, Plan plan, List<InMemory.Part> parts, HandedOn handedOn) {
        List<InMemory.Part> found = new ArrayList<>();
        List<Pins.Place> places = new ArrayList<>();
        Fd here;
        try {
            List<View> older = ledger.withMemory(plan.subject().uid());
            if (older.isEmpty()) {
                return "";
            }
            find(kin(kinship, older), parts, found, places);
            if (found.isEmpty()) {
                return "";
            }
            approach(found);
            here = sys.namespaceOfThisThread();
        } catch (SyscallException e) {
            return e.getMessage();
        }
        List<Optional<Fd>> copies = new ArrayList<>();
        try (here) {
            return ledger.copy(here, places, copies);
        } finally {
            sys.arrive();
            give(found, copies, handedOn);
        }
    }

    /** When the kernel reaches the root of an overlay, it may ask the file server of a lower folder. */
    private void approach(List<InMemory.Part> found) {
        for (InMemory.Part part : found) {
            if (part.step() instanceof Step.Overlay overlay) {
                sys.approach(overlay.lower().get(0).value());
            }
        }
    }

    private static List<View> kin(Kinship kinship, List<View> older) {
        List<View> kin = new ArrayList<>();
        for (View view : older) {
            if (kinship.with(view.key(), view.rules())) {
                kin.add(view);
            }
        }
        return kin;
    }

    /**
     * Each place costs a descriptor, and a user can have hundreds of views: a user who kills a volume's program gets
     * another view at the next login.
     *
     * @param views the newest first
     * @param found gets the part of each place
     * @param places gets a few for each part
     */
    static void find(List<View> views, List<InMemory.Part> parts, List<InMemory.Part> found, List<Pins.Place> places) {
        for (InMemory.Part part : parts) {
            int left = MOST_PLACES;
            for (int i = 0; i < views.size() && left > 0; i++) {
                int number = views.get(i).memory().indexOf(part.what());
                if (number >= 0) {
                    found.add(part);
                    places.add(new Pins.Place(views.get(i).id(), number));
                    left--;
                }
            }
        }
    }

    /** Tries the newest view first, and an older one if the newest has ended meanwhile. */
    private static void give(List<InMemory.Part> found, List<Optional<Fd>> copies, HandedOn handedOn) {
        for (int i = 0; i < copies.size(); i++) {
            Optional<Fd> copy = copies.get(i);
            if (copy.isPresent() && handedOn.has(found.get(i).step())) {
                copy.get().close();
            } else if (copy.isPresent()) {
                handedOn.give(found.get(i).step(), copy.get());
            }
        }
    }
}
