// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jns.config.Known;
import org.jns.config.Moment;
import org.jns.config.Policy;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.config.Trial;
import org.jns.config.Trial.Decision;
import org.jns.config.Trial.Event;
import org.jns.jnsd.login.LoginThreads;
import org.jns.linux.AccountFiles;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.preflight.Forecast;
import org.jns.rules.ini.RulesSource;
import org.jns.wire.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force, and how they change: by a start, a reload, a trial and the end of a trial. Belongs to the main
 * thread; only the policy may be read by any thread. The confirmed rules are written before the mark of a trial is
 * removed, so that no crash in between restores others.
 */
final class RulesInForce {
    private static final Logger LOG = LoggerFactory.getLogger(RulesInForce.class);

    private final Settings settings;
    private final RulesFolder folder;
    private final AtomicReference<Policy> policy = new AtomicReference<>(Policy.UNREADABLE);
    private final LookUps lookUps;
    private List<RulesSource> sources = List.of();
    private Trial trial = Trial.NONE;
    private int generation;
    /** Why a restart may put other rules in force than the current ones; empty if it will not. */
    private String unwritten = "";
    /**
     * Whether a start put rules in force that no logins were planned with: a start refuses nothing, and waits for
     * nothing.
     */
    private boolean unproven;
    /** Whether the journal already says why the rules are not confirmed. */
    private boolean objected;
    /** When the reading of the rules began, which is part of putting them in force; nanoseconds. */
    private long began;

    /**
     * @param ofNames the system calls of the thread that looks names up
     * @param namesBeat called by that thread
     */
    RulesInForce(Syscalls sys, Settings settings, Syscalls ofNames, LoginThreads.Beat namesBeat) {
        this.settings = settings;
        this.folder = new RulesFolder(sys, settings);
        this.lookUps = new LookUps(new AccountFiles(ofNames), this::know, namesBeat);
    }

    /** Called on the thread that looks names up. */
    private void know(Known known) {
        policy.updateAndGet(now -> Policy.of(now.rules(), now.admission(), known));
    }

    /**
     * Puts the rules in force at once. Their names are looked up later; until then a login looks up those that it
     * needs.
     */
    private void putInForce(Optional<RuleSet> rules) {
        policy.set(Policy.of(rules, settings.admission(), lookUps.known()));
        lookUps.ask(Policy.Wanted.by(rules, settings.admission()));
    }

    /** For how many seconds the user database has not answered. */
    double namesWaiting() {
        return lookUps.waiting();
    }

    /** The policy for one login; thread-safe. */
    Policy policy() {
        return policy.get();
    }

    /** Looks the names up again: groups may have been added since. */
    void lookUpAgain() {
        Policy now = policy.get();
        lookUps.ask(Policy.Wanted.by(now.rules(), now.admission()));
    }

    void start() {
        began = System.nanoTime();
        RulesFolder.InForce inForce = folder.atStart();
        log(inForce.files());
        trial = inForce.decision().next();
        boolean isNew = inForce.decision().use() == Trial.Use.CONFIRM_FILES
                && !folder.isKept(inForce.sources())
                && folder.lastGood().isPresent();
        if (isNew) {
            remember(trial);
        } else {
            write(inForce.decision(), inForce.sources());
        }
        inForce.rules().ifPresent(rules -> take(rules, inForce.sources()));
        unproven = isNew;
        if (inForce.rules().isPresent()) {
            inForce.note()
                    .ifPresent(note ->
                            LOG.atError().addKeyValue("EVENT", event(inForce)).log("{}", note));
        } else {
            putInForce(Optional.empty());
            LOG.atError()
                    .addKeyValue("EVENT", "no-rules")
                    .log("the rules have errors and there are no older ones: only root can log in");
        }
    }

    /**
     * Whether the rules in force came with a start, and are not the confirmed ones: {@link #prove} decides about them.
     */
    boolean isUnproven() {
        return unproven;
    }

    /** The rules to compare new rules with: those in force, unless it is unknown whether they are any good. */
    Optional<RuleSet> proven() {
        return unproven ? folder.lastGood() : policy.get().rules();
    }

    /** Confirms the rules of the start if they lock no user out. They stay in force in any case. */
    void prove(Forecast forecast) {
        if (!unproven) {
            return;
        }
        if (forecast.isGood()) {
            unproven = false;
            if (objected) {
                unwritten = "";
                LOG.atInfo()
                        .addKeyValue("EVENT", "rules-confirmed")
                        .log("the rules that the start found refuse nobody any more, and are the confirmed ones now");
            }
            keep(sources);
            return;
        }
        if (objected) {
            return;
        }
        objected = true;
        LOG.atError()
                .addKeyValue("EVENT", "rules-doubted")
                .log(
                        "the rules that the start found in {} are in force, but {}",
                        settings.rules(),
                        forecast.objection());
        noteUnwritten(
                "the copy of the confirmed rules stays as it was before the start; mend the rules, then: jnsctl reload; to take them as they are: jnsctl reload --force");
    }

    private static String event(RulesFolder.InForce inForce) {
        return inForce.decision().next() instanceof Trial.Running ? "trial-started" : "last-good";
    }

    /** How long the main thread may wait before something is due, in milliseconds. */
    int waitAtMost(int milliseconds) {
        if (trial instanceof Trial.Running running) {
            return (int) Math.min(milliseconds, 1000 * Math.max(1, running.secondsLeft(folder.now())));
        }
        return milliseconds;
    }

    /** Ends a trial whose time is up. */
    void passTime() {
        if (trial instanceof Trial.Running) {
            passTime(folder.now());
        }
    }

    private void passTime(Moment now) {
        if (trial instanceof Trial.Running) {
            Decision decision = Trial.after(trial, now, new Event.Time());
            if (decision.use() == Trial.Use.BACK_TO_CONFIRMED) {
                goBack(decision.next());
            }
        }
    }

    private void goBack(Trial next) {
        began = System.nanoTime();
        trial = next;
        unwritten = "";
        remember(next);
        Optional<RuleSet> rules = folder.lastGood();
        rules.ifPresent(confirmed -> take(confirmed, folder.lastGoodSources()));
        if (rules.isEmpty()) {
            putInForce(Optional.empty());
        }
        LOG.atWarn()
                .addKeyValue("EVENT", "trial-ended")
                .addKeyValue("GENERATION", generation)
                .log(
                        "the trial ended without jnsctl confirm: {}; the files in {} are not in force until jnsctl try or jnsctl reload",
                        rules.isPresent()
                                ? "the rules before it are in force again"
                                : "but the rules before it are lost, and only root can log in",
                        settings.rules());
    }

    /** How many times rules were put in force. */
    int generation() {
        return generation;
    }

    /**
     * Puts the rules in the files in force. During a trial they are on trial too, for the remaining time.
     *
     * @param loaded what {@link #load} found in the files, which may have changed since
     */
    Reply reload(RulesFolder.Loaded loaded) {
        Moment now = endOverdueTrial();
        Decision decision = Trial.after(trial, now, new Event.Reload(folder.compared(loaded)));
        if (!decision.refusal().isEmpty()) {
            return refusedForErrors(loaded);
        }
        trial = decision.next();
        write(decision, loaded.sources());
        take(loaded.rules().orElseThrow(), loaded.sources());
        return new Reply.Done("rules read, generation " + generation + leftOf(now)
                + (unwritten.isEmpty() ? "" : "; but " + unwritten));
    }

    /** A trial whose time is up ends before a request is handled. */
    private Moment endOverdueTrial() {
        began = System.nanoTime();
        Moment now = folder.now();
        passTime(now);
        return now;
    }

    private String leftOf(Moment now) {
        return trial instanceof Trial.Running running
                ? ", on trial for another " + running.secondsLeft(now) + " seconds; to keep them: jnsctl confirm"
                : "";
    }

    /**
     * Puts the rules in the files in force for some minutes; without {@link #confirm} the confirmed rules come back
     * then.
     */
    Reply tryFor(int minutes, RulesFolder.Loaded loaded) {
        Moment now = endOverdueTrial();
        if (loaded.rules().isEmpty()) {
            return refusedForErrors(loaded);
        }
        try {
            if (trial instanceof Trial.None && policy.get().rules().isPresent() && !unproven) {
                // The write may have failed when they were read, because the disk was full, for example.
                folder.keep(sources);
            }
            if (folder.lastGood().isEmpty()) {
                return new Reply.Refused(
                        "there are no confirmed rules that could come back; to take those in the files: jnsctl reload");
            }
            Decision decision = Trial.after(trial, now, new Event.Try(minutes, folder.compared(loaded)));
            if (!decision.refusal().isEmpty()) {
                return new Reply.Refused(decision.refusal());
            }
            folder.mark(decision.next());
            trial = decision.next();
            unwritten = "";
        } catch (SyscallException e) {
            return new Reply.Refused("cannot write what would end the trial: " + e.getMessage());
        }
        take(loaded.rules().get(), loaded.sources());
        String text = loaded.rules().get().rules().size() + " rules on trial for " + minutes
                + (minutes == 1 ? " minute" : " minutes");
        LOG.atWarn()
                .addKeyValue("EVENT", "trial-started")
                .addKeyValue("GENERATION", generation)
                .log("{}: without jnsctl confirm the rules before come back then", text);
        return new Reply.Done(text + ", generation " + generation + "; to keep them: jnsctl confirm");
    }

    /** Keeps the rules that are on trial. */
    Reply confirm() {
        Moment now = endOverdueTrial();
        Decision decision = Trial.after(trial, now, new Event.Confirm());
        if (decision.use() != Trial.Use.CONFIRM_CURRENT) {
            return new Reply.Refused(decision.refusal());
        }
        try {
            // The order matters: between the two writes, the fallback is already these rules.
            folder.keep(sources);
            folder.mark(decision.next());
        } catch (SyscallException e) {
            return new Reply.Refused(
                    "cannot write that they are confirmed: " + e.getMessage() + "; they are still on trial");
        }
        trial = decision.next();
        unwritten = "";
        LOG.atInfo()
                .addKeyValue("EVENT", "trial-confirmed")
                .addKeyValue("GENERATION", generation)
                .log("the rules on trial are confirmed");
        return new Reply.Done("the rules are confirmed, generation " + generation);
    }

    private Reply refusedForErrors(RulesFolder.Loaded loaded) {
        LOG.atError()
                .addKeyValue("EVENT", "rules-refused")
                .log("the rules in {} have errors: run jnsctl check", settings.rules());
        List<Problem> errors = loaded.errors();
        return new Reply.Refused(
                "the rules have " + errors.size() + " errors, the old ones stay in force; first: " + errors.get(0));
    }

    /** Refuses rules that would lock users out. */
    Reply refuse(Forecast forecast) {
        LOG.atError()
                .addKeyValue("EVENT", "rules-refused")
                .log("the rules in {} are not taken: {}", settings.rules(), forecast.objection());
        return new Reply.Refused("the old rules stay in force, for " + forecast.objection()
                + "; everybody: jnsctl check; to take the rules as they are: --force");
    }

    /** Reads the files and logs the result. */
    RulesFolder.Loaded load() {
        RulesFolder.Loaded loaded = folder.load();
        log(loaded);
        return loaded;
    }

    private void log(RulesFolder.Loaded loaded) {
        RulesLog.write(loaded.problems());
        if (loaded.rules().isPresent()) {
            RulesLog.advise(loaded.readable(), loaded.sources());
        }
    }

    private void take(RuleSet rules, List<RulesSource> from) {
        putInForce(Optional.of(rules));
        sources = from;
        unproven = false;
        generation++;
        LOG.atInfo()
                .addKeyValue("EVENT", "rules-loaded")
                .addKeyValue("GENERATION", generation)
                .addKeyValue("MICROSECONDS", (System.nanoTime() - began) / 1000)
                .log("{} rules in force, generation {}", rules.rules().size(), generation);
    }

    /** Writes what a restart depends on. Even if that fails, the rules are in force now. */
    private void write(Decision decision, List<RulesSource> from) {
        unwritten = "";
        if (decision.use() == Trial.Use.CONFIRM_FILES) {
            keep(from);
        }
        remember(decision.next());
    }

    private void keep(List<RulesSource> from) {
        try {
            folder.keep(from);
        } catch (SyscallException e) {
            noteUnwritten(
                    "cannot keep a copy of the rules: " + e.getMessage()
                            + "; a restart with errors in the files would let only root in, or bring back older rules; make room, then: jnsctl reload");
        }
    }

    private void remember(Trial now) {
        try {
            folder.mark(now);
        } catch (SyscallException e) {
            noteUnwritten("cannot write down how the trial of the rules stands: " + e.getMessage()
                    + "; a restart may put other rules in force; make room, then: jnsctl reload");
        }
    }

    private void noteUnwritten(String why) {
        LOG.error("{}", why);
        unwritten = unwritten.isEmpty() ? why : unwritten + "; " + why;
    }

    /** Whether a restart continues with these rules, whatever the files contain then. */
    boolean isWritten() {
        return unwritten.isEmpty();
    }
}
