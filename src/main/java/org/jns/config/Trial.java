// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

/**
 * Whether the rules in the files are on trial. {@link LastGood} has the confirmed rules; a trial is only a mark next to
 * them, so that they survive its removal or loss. Makes decisions without side effects.
 */
public sealed interface Trial {

    /** No trial. The rules in the files are in force, unless they have errors. */
    record None() implements Trial {}

    /**
     * The rules that the request found in the files are in force until that second of that boot; a daemon that starts
     * reads the files again. A reboot ends the trial.
     */
    record Running(String boot, long from, long until) implements Trial {

        /** A clock that went back, as that of a container can, ends the trial. */
        boolean isOver(Moment now) {
            return !boot.equals(now.boot()) || now.second() < from || now.second() >= until;
        }

        public long secondsLeft(Moment now) {
            return isOver(now) ? 0 : until - now.second();
        }
    }

    /** A trial ended without confirmation: the confirmed rules are in force, whatever the files contain. */
    record Over() implements Trial {}

    Trial NONE = new None();
    Trial OVER = new Over();

    /** The state of the files. */
    enum Files {
        BROKEN,
        /** Valid, and different from the confirmed rules. */
        NEW,
        /** Equal to the confirmed rules. */
        AS_CONFIRMED
    }

    /** An event that affects the rules. */
    sealed interface Event {

        /** A daemon starts, the resident one or the one for one login. */
        record Start(Files files) implements Event {}

        /** Time has passed. */
        record Time() implements Event {}

        record Reload(Files files) implements Event {}

        record Try(int minutes, Files files) implements Event {}

        record Confirm() implements Event {}
    }

    /** Which rules are in force from now on. */
    enum Use {
        /** The same rules as before. */
        STAY,
        /** The rules in the files, which are not confirmed. */
        FILES,
        /** The rules in the files, which this confirms; those of a start only when they are planned. */
        CONFIRM_FILES,
        /** The same rules as before, which this confirms. */
        CONFIRM_CURRENT,
        /** The confirmed rules. */
        BACK_TO_CONFIRMED
    }

    /** @param refusal empty unless nothing was done */
    record Decision(Trial next, Use use, String refusal) {
        Decision(Trial next, Use use) {
            this(next, use, "");
        }
    }

    static Decision after(Trial before, Moment now, Event event) {
        boolean ends = before instanceof Running running && running.isOver(now);
        Trial state = ends ? OVER : before;
        if (event instanceof Event.Start start) {
            return started(state, start.files());
        }
        if (event instanceof Event.Reload reload && reload.files() != Files.BROKEN) {
            return state instanceof Running ? new Decision(state, Use.FILES) : new Decision(NONE, Use.CONFIRM_FILES);
        }
        if (event instanceof Event.Try asked && asked.files() != Files.BROKEN && now.isKnown()) {
            return new Decision(new Running(now.boot(), now.second(), now.second() + asked.minutes() * 60L), Use.FILES);
        }
        if (event instanceof Event.Confirm && state instanceof Running) {
            return new Decision(NONE, Use.CONFIRM_CURRENT);
        }
        return new Decision(state, ends ? Use.BACK_TO_CONFIRMED : Use.STAY, refusal(event, state));
    }

    private static Decision started(Trial state, Files files) {
        boolean usable = files != Files.BROKEN;
        if (state instanceof Running) {
            return usable ? new Decision(state, Use.FILES) : new Decision(OVER, Use.BACK_TO_CONFIRMED);
        }
        if (state instanceof Over) {
            return files == Files.AS_CONFIRMED
                    ? new Decision(NONE, Use.CONFIRM_FILES)
                    : new Decision(OVER, Use.BACK_TO_CONFIRMED);
        }
        return new Decision(NONE, usable ? Use.CONFIRM_FILES : Use.BACK_TO_CONFIRMED);
    }

    private static String refusal(Event event, Trial state) {
        if (event instanceof Event.Confirm) {
            return state instanceof Over
                    ? "the trial is over, and the rules before it are in force; to take those in the files: jnsctl try, or jnsctl reload"
                    : "no rules are on trial; to begin one: jnsctl try";
        }
        if (event instanceof Event.Try asked && asked.files() != Files.BROKEN) {
            return "cannot read the time since boot from /proc; without it nothing would end the trial";
        }
        return event instanceof Event.Time ? "" : "the rules have errors";
    }
}
