// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.model.AbsPath;
import org.jns.model.Printable;

/**
 * The state of the daemon, as far as its socket tells.
 *
 * @param path of the socket
 * @param listens whether a process listens
 * @param answer empty if it was not asked
 * @param bySystemd whether systemd runs this machine
 */
public record Helper(
        AbsPath path, Kind kind, long uid, int mode, boolean listens, Optional<Answer> answer, boolean bySystemd) {
    private static final String ABOUT = "daemon";
    private static final int OTHERS = 077;
    /** The thread that looks up the names in the rules. */
    private static final String NAMES = "names";
    /** Above this share, in percent, users will soon be refused. */
    private static final long MANY_PERCENT = 80;
    /** No work of a thread of the daemon takes this long. */
    private static final long LONG_SECONDS = 300;
    /** A session takes one or two. */
    private static final long FEW_FILES = 4096;

    /** What is at the socket's path. */
    public enum Kind {
        NONE,
        SOCKET,
        SOMETHING_ELSE,
        /** It cannot be looked at. */
        UNSEEN
    }

    /**
     * What the daemon reports.
     *
     * @param trouble why it does not; empty if it does
     * @param isOld whether it was started before the installed version
     * @param files its limit of open files
     * @param open files that it has open
     * @param rulesKept whether a restart continues with the rules in force; true if it does not say
     * @param busy for how many seconds each of its threads has been at one piece of work
     */
    public record Answer(
            String trouble,
            boolean isOld,
            OptionalLong files,
            OptionalLong open,
            boolean rulesKept,
            Map<String, Long> busy) {}

    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        String start = bySystemd ? "systemctl enable --now jnsd.socket" : "jnsd &";
        if (kind == Kind.SOMETHING_ELSE) {
            findings.add(Finding.error(
                    ABOUT, path + " is no socket: the daemon cannot be asked", "look at what it is, then: rm " + path));
        } else if (kind == Kind.NONE || !listens) {
            String why = kind == Kind.NONE ? "there is no socket " + path : "nobody listens on " + path;
            findings.add(Finding.warning(
                    ABOUT, "no daemon runs: " + why + "; each login starts its own daemon, which takes longer", start));
        } else if (kind == Kind.SOCKET && (uid != 0 || (mode & OTHERS) != 0)) {
            findings.add(Finding.warning(
                    ABOUT, path + " is open to others than root", "chown root:root " + path + " && chmod 600 " + path));
        }
        answer.ifPresent(one -> of(one, findings));
        return findings;
    }

    private static boolean isNearlyFull(Answer one) {
        return one.files().isPresent()
                && one.open().isPresent()
                && one.open().getAsLong() > one.files().getAsLong() * MANY_PERCENT / 100;
    }

    private void of(Answer one, List<Finding> findings) {
        String restart = bySystemd ? "systemctl restart jnsd" : "end jnsd, then: jnsd &";
        if (!one.trouble().isEmpty()) {
            findings.add(Finding.error(
                    ABOUT, "the daemon does not answer as it should: " + Printable.of(one.trouble()), restart));
        }
        if (one.isOld()) {
            findings.add(
                    Finding.warning(ABOUT, "the daemon that runs was started before what is installed now", restart));
        }
        if (!one.rulesKept()) {
            findings.add(
                    Finding.error(
                            ABOUT,
                            "there is no copy of the rules in force: a restart with errors in the files would let only root in, or bring back older rules",
                            "the journal says why: journalctl -u jnsd; make room where private folders are, or mend the rules, then: jnsctl reload"));
        }
        one.busy().forEach((thread, seconds) -> {
            if (seconds >= LONG_SECONDS && thread.equals(NAMES)) {
                findings.add(Finding.error(
                        ABOUT,
                        "the user database has not answered the daemon for " + seconds
                                + " seconds: users of whom nobody can tell whether a rule is for them are refused",
                        "check the services in nsswitch.conf(5)"));
            } else if (seconds >= LONG_SECONDS) {
                findings.add(Finding.error(
                        ABOUT,
                        "the daemon's thread " + thread + " has been at one piece of work for " + seconds
                                + " seconds: what it does for others waits",
                        "look whether the disks of /run/jns, of private folders and of metrics-file answer; if they do, "
                                + restart));
            }
        });
        String limit =
                bySystemd ? "LimitNOFILE=131072 in its unit, and " + restart : "ulimit -n 131072, and start jnsd again";
        if (isNearlyFull(one)) {
            findings.add(Finding.warning(
                    ABOUT,
                    "the daemon has " + one.open().getAsLong() + " of the "
                            + one.files().getAsLong()
                            + " files open that it may have, and each session takes one or two: users are refused when they are used up",
                    limit));
        } else if (one.files().isPresent() && one.files().getAsLong() < FEW_FILES) {
            findings.add(Finding.note(
                    ABOUT,
                    "the daemon may have " + one.files().getAsLong() + " files open, and each session takes one or two",
                    limit));
        }
    }
}
