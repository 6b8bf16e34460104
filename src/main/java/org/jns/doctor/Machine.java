// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jns.model.Directive;
import org.jns.model.Rule;
import org.jns.model.RuleSet;

/**
 * The kernel and its settings.
 *
 * @param release from uname(2)
 * @param noMounts why root cannot make a mount; empty if root can, or it was not tried
 * @param missing types of file systems that the kernel lacks
 * @param isShared whether later mounts of the host reach the views
 * @param mounts number of the host's mounts
 * @param mountMax limit of mounts in a namespace
 * @param namespaceMax limit of mount namespaces
 * @param proc options of the mount of /proc
 * @param enforces whether SELinux is on and enforces
 */
public record Machine(
        String release,
        String noMounts,
        Set<String> missing,
        boolean isShared,
        long mounts,
        OptionalLong mountMax,
        OptionalLong namespaceMax,
        Set<String> proc,
        boolean enforces) {

    private static final String ABOUT = "kernel";
    private static final int OLDEST_MAJOR = 5;
    private static final int OLDEST_MINOR = 14;
    /** Fewer than this are soon used up: each view is one, and so is each sandboxed systemd service. */
    private static final long FEW_NAMESPACES = 256;

    private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");

    /** The consequences for these rules. */
    public List<Finding> findings(RuleSet rules) {
        List<Finding> findings = new ArrayList<>();
        if (isOld()) {
            findings.add(Finding.error(
                    ABOUT,
                    "Linux " + release + " is too old: jns needs " + OLDEST_MAJOR + "." + OLDEST_MINOR + " or newer",
                    "start a newer kernel"));
        }
        if (!noMounts.isEmpty()) {
            findings.add(Finding.error(
                    ABOUT,
                    "root cannot make mounts here: " + noMounts + "; nobody can be isolated",
                    "in a container, let it have CAP_SYS_ADMIN and the mount system calls"));
        }
        for (Rule rule : rules.rules()) {
            if (rule.directive() instanceof Directive.Overlay && missing.contains("overlay")) {
                findings.add(Finding.error(
                        ABOUT,
                        "rule [" + rule.name() + "] " + rule.at().file() + ":"
                                + rule.at().line() + " needs overlays, which this kernel does not have",
                        "modprobe overlay"));
            }
        }
        limits(findings);
        if (!isShared) {
            findings.add(Finding.note(
                    ABOUT,
                    "mounts of the host are not shared: what it mounts later is not seen in sessions that run",
                    "mount --make-rshared /"));
        }
        if (proc.contains("subset=pid")) {
            findings.add(Finding.error(
                    ABOUT,
                    "/proc shows processes only: the daemon needs the rest of it",
                    "mount -o remount,subset= /proc, or take subset=pid out of /etc/fstab and restart"));
        }
        proc.stream()
                .filter(option ->
                        option.startsWith("hidepid=") && !option.equals("hidepid=0") && !option.equals("hidepid=off"))
                .findFirst()
                .ifPresent(option -> findings.add(Finding.note(
                        ABOUT,
                        "/proc has " + option
                                + ": an ordinary user can ask jnsctl why of processes of the same user only",
                        "")));
        if (enforces) {
            findings.add(Finding.note(
                    ABOUT,
                    "SELinux enforces, and jns brings no policy: a login program's domain may be forbidden to ask the daemon, or to enter a view",
                    "if a login is refused: ausearch -m avc -ts recent"));
        }
        return findings;
    }

    private boolean isOld() {
        Matcher version = VERSION.matcher(release);
        if (!version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major < OLDEST_MAJOR || major == OLDEST_MAJOR && Integer.parseInt(version.group(2)) < OLDEST_MINOR;
    }

    private void limits(List<Finding> findings) {
        if (mountMax.isPresent() && mounts > mountMax.getAsLong() / 2) {
            findings.add(Finding.warning(
                    ABOUT,
                    "the host has " + mounts + " mounts, each view has a copy of them, and fs.mount-max allows "
                            + mountMax.getAsLong(),
                    "sysctl fs.mount-max=" + 4 * mounts));
        }
        if (namespaceMax.isPresent() && namespaceMax.getAsLong() < FEW_NAMESPACES) {
            String what = "user.max_mnt_namespaces allows " + namespaceMax.getAsLong() + " mount namespaces";
            String mend = "sysctl user.max_mnt_namespaces=10000";
            findings.add(
                    namespaceMax.getAsLong() == 0
                            ? Finding.error(ABOUT, what + ": nobody can be isolated", mend)
                            : Finding.warning(ABOUT, what, mend));
        }
    }
}
