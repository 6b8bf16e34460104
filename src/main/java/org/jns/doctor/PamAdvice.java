// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jns.doctor.PamLine.Call;
import org.jns.model.Printable;

/** Checks whether the stacks of the login programs call the module, once, and in such a way that its answer counts. */
public final class PamAdvice {
    static final String MODULE = "pam_jns.so";
    private static final String RIVAL = "pam_namespace.so";
    private static final String ABOUT = "pam";
    private static final String LINE = "session required " + MODULE;

    /** Services that open sessions of users; graphical greeters are not included, because nobody logs in to them. */
    static final List<String> LOGINS = List.of(
            "login",
            "remote",
            "sshd",
            "su",
            "su-l",
            "sudo",
            "sudo-i",
            "runuser",
            "runuser-l",
            "cron",
            "crond",
            "atd",
            "systemd-user",
            "systemd-run0",
            "gdm-password",
            "gdm-autologin",
            "gdm-fingerprint",
            "gdm-smartcard",
            "lightdm",
            "lightdm-autologin",
            "sddm",
            "sddm-autologin",
            "xdm",
            "lxdm",
            "greetd",
            "kde",
            "xrdp-sesman",
            "cockpit");
    /** A program that uses PAM under this name and for which distributions install no file. */
    private static final String RUN0 = "systemd-run0";

    /** Modules that make folders that rules may name. */
    private static final List<String> MAKERS = List.of("pam_mkhomedir.so", "pam_mount.so");

    /**
     * @param folder of the modules that are named without a path
     * @param modules for each path from {@link #modulePaths}, why PAM cannot or should not load it; an empty text if it
     *     can
     * @param programs for each path from {@link #programs}, why the module does not start it; an empty text if it does
     * @param socket the daemon's socket, from its settings
     * @param hasRun0 whether this machine has run0(1)
     * @param hasRival whether the configuration of pam_namespace names a folder; without one that module does nothing
     */
    public record Facts(
            String folder,
            Map<String, String> modules,
            Map<String, String> programs,
            String socket,
            boolean hasRun0,
            boolean hasRival) {}

    private final PamFiles files;
    private final Facts facts;
    private final List<Finding> findings = new ArrayList<>();

    private PamAdvice(PamFiles files, Facts facts) {
        this.files = files;
        this.facts = facts;
    }

    public static List<Finding> on(PamFiles files, Facts facts) {
        PamAdvice advice = new PamAdvice(files, facts);
        calls(files).forEach(advice::line);
        advice.stacks();
        return List.copyOf(advice.findings);
    }

    /**
     * The paths at which PAM looks for the module.
     *
     * @param folder of the modules that are named without a path
     */
    public static Set<String> modulePaths(PamFiles files, String folder) {
        Set<String> paths = new LinkedHashSet<>();
        calls(files).forEach(call -> paths.add(path(call, folder)));
        return paths;
    }

    /** The programs that the module starts if nobody listens. */
    public static Set<String> programs(PamFiles files) {
        Set<String> programs = new LinkedHashSet<>();
        calls(files).forEach(call -> ModuleOptions.parse(call.options()).once().ifPresent(programs::add));
        return programs;
    }

    /** Includes lines that only look like calls of the module: PAM does not find it. */
    private static Collection<Call> calls(PamFiles files) {
        Map<String, Call> calls = new TreeMap<>();
        for (PamFile file : files.all()) {
            for (PamLine line : file.lines()) {
                if (line instanceof Call call && call.module().contains("pam_jns")) {
                    calls.put(call.at().toString(), call);
                }
            }
        }
        return calls.values();
    }

    /** {@code $ISA} is the folder's name for the processor, and empty on current Linux. */
    private static String path(Call call, String folder) {
        String module = call.module().replace("$ISA", "");
        return module.startsWith("/") ? module : folder + "/" + module;
    }

    private void line(Call call) {
        String trouble = facts.modules().getOrDefault(path(call, facts.folder()), "");
        if (!trouble.isEmpty()) {
            findings.add(Finding.error(
                    ABOUT,
                    call.at() + ": PAM cannot take " + Printable.of(call.module()) + ": " + trouble
                            + "; nobody gets in by this line, not even root",
                    "install jns again, by its package or by packaging/install; or take the line out of "
                            + call.at().file()));
        }
        if (call.type().equals("account") || call.type().equals("password")) {
            findings.add(Finding.error(
                    ABOUT,
                    call.at() + ": " + MODULE + " is a module for sessions, and fails where it is called for '"
                            + call.type() + "'",
                    "write into " + call.at().file() + ": " + LINE));
            return;
        }
        if (call.type().equals(PamStack.SESSION)) {
            control(call);
            options(call);
        }
    }

    private void control(Call call) {
        if (!call.control().refuses()) {
            findings.add(Finding.warning(
                    ABOUT,
                    call.at() + ": with '" + Printable.of(call.control().text())
                            + "' a session that is refused goes on without isolation",
                    "write into " + call.at().file() + ": " + LINE));
        } else if (call.control().mayEndWell() || call.control().longestJump() > 0) {
            findings.add(Finding.warning(
                    ABOUT,
                    call.at() + ": with '" + Printable.of(call.control().text())
                            + "' the modules below it are not all called",
                    "write into " + call.at().file() + ": " + LINE));
        }
    }

    private void options(Call call) {
        ModuleOptions options = ModuleOptions.parse(call.options());
        String edit = "edit " + call.at().file() + "; man 8 pam_jns has the options";
        if (options.wrong().isPresent()) {
            findings.add(Finding.error(
                    ABOUT,
                    call.at() + ": the module does not take "
                            + Printable.of(options.wrong().get()) + "; only root gets in by this line",
                    edit));
            return;
        }
        if (!options.socket().equals(facts.socket())) {
            findings.add(Finding.warning(
                    ABOUT,
                    call.at() + ": the module asks on " + Printable.of(options.socket())
                            + ", and the daemon's settings say " + facts.socket(),
                    edit));
        }
        String program = options.once()
                .map(path -> facts.programs().getOrDefault(path, ""))
                .orElse("");
        if (!program.isEmpty()) {
            findings.add(Finding.warning(
                    ABOUT,
                    call.at() + ": no daemon can be started for a login: "
                            + Printable.of(options.once().orElseThrow()) + ": " + program,
                    edit));
        }
        if (options.letsInOnError()) {
            findings.add(Finding.note(
                    ABOUT,
                    call.at() + ": with on_error=allow a session that is refused goes on without isolation",
                    ""));
        }
    }

    private void stacks() {
        List<PamStack> stacks = new ArrayList<>();
        for (String service : LOGINS) {
            PamStack stack = PamStack.of(files, service);
            boolean used = files.file(service).isPresent() || service.equals(RUN0) && facts.hasRun0();
            if (used && !stack.file().isEmpty()) {
                stacks.add(stack);
            }
        }
        if (stacks.isEmpty()) {
            findings.add(Finding.error(ABOUT, "there is no file of a login program in /etc/pam.d", ""));
            return;
        }
        Set<String> told = new LinkedHashSet<>();
        for (PamStack stack : stacks) {
            wrongLines(stack, told);
            inStack(stack, told);
            if (!stack.callsOf(MODULE).isEmpty()) {
                order(stack, told);
            }
        }
        missing(stacks);
    }

    private void wrongLines(PamStack stack, Set<String> told) {
        for (PamLine.Wrong wrong : stack.trouble()) {
            if (told.add(wrong.at().toString())) {
                findings.add(Finding.error(
                        ABOUT,
                        wrong.at() + ": PAM refuses every session by " + stack.service() + ": "
                                + Printable.of(wrong.why()),
                        "edit " + wrong.at().file()));
            }
        }
    }

    private void inStack(PamStack stack, Set<String> told) {
        List<Call> calls = stack.callsOf(MODULE);
        if (calls.size() > 1 && told.add(calls.get(0).at() + " " + calls.get(1).at())) {
            findings.add(Finding.warning(
                    ABOUT,
                    "logins by " + stack.service() + " call the module twice, at "
                            + calls.get(0).at() + " and " + calls.get(1).at()
                            + "; the second call does nothing, whatever its options",
                    "take one of the two lines out"));
        }
        for (Call call : calls) {
            Optional<Call> before = stack.passingOver(call);
            if (before.isPresent() && told.add(before.get().at() + " " + call.at())) {
                findings.add(Finding.warning(
                        ABOUT,
                        call.at() + ": sessions by " + stack.service() + " may go on without isolation: "
                                + before.get().at() + ", "
                                + Printable.of(before.get().module()) + ", can pass over this line",
                        "put this line before that one, or make that one 'required' or 'optional'"));
            }
            if (facts.hasRival() && !stack.callsOf(RIVAL).isEmpty() && told.add(RIVAL + " " + stack.file())) {
                findings.add(rival(stack));
            }
        }
    }

    private static Finding rival(PamStack stack) {
        Call other = stack.callsOf(RIVAL).get(0);
        return Finding.error(
                ABOUT,
                other.at() + ": sessions by " + stack.service()
                        + " get a mount namespace from pam_namespace too, whose folders then cover those of jns",
                "take that line out of " + other.at().file()
                        + "; for its rules: jnsctl import /etc/security/namespace.conf >/etc/jns/rules.d/imported.conf");
    }

    /** Lines that would cover the folders of jns in sessions of these services. Only if pam_namespace is configured. */
    public static List<Finding> rivals(PamFiles files, Collection<String> services) {
        List<Finding> rivals = new ArrayList<>();
        Set<String> told = new LinkedHashSet<>();
        for (String service : services) {
            PamStack stack = PamStack.of(files, service);
            if (!stack.callsOf(RIVAL).isEmpty()
                    && told.add(stack.callsOf(RIVAL).get(0).at().toString())) {
                rivals.add(rival(stack));
            }
        }
        return rivals;
    }

    /** Compares with the order that pam_jns(8) recommends; every order isolates. */
    private void order(PamStack stack, Set<String> told) {
        Call module = stack.callsOf(MODULE).get(0);
        for (Call systemd : stack.callsOf("pam_systemd.so")) {
            if (!stack.endsWithRefusalOf(module, systemd) && told.add(module.at() + " " + systemd.at())) {
                findings.add(Finding.note(
                        ABOUT,
                        module.at() + ": when a session by " + stack.service() + " is refused, pam_systemd at "
                                + systemd.at() + " starts the user manager all the same",
                        "put this line before that one, with 'requisite' for '"
                                + Printable.of(module.control().text()) + "'"));
            }
        }
        for (String maker : MAKERS) {
            for (Call makes : stack.callsOf(maker)) {
                if (stack.isBefore(module, makes) && told.add(module.at() + " " + makes.at())) {
                    findings.add(Finding.note(
                            ABOUT,
                            module.at() + ": what " + maker + " at " + makes.at()
                                    + " makes is not there yet when the view of a session by " + stack.service()
                                    + " is made",
                            "put this line after that one"));
                }
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // two equal stacks are two stacks
    private void missing(List<PamStack> stacks) {
        List<PamStack> without =
                stacks.stream().filter(stack -> stack.callsOf(MODULE).isEmpty()).toList();
        if (without.size() == stacks.size()) {
            findings.add(
                    Finding.error(ABOUT, "no login program calls the module: nobody is isolated", "jnsctl enable"));
            return;
        }
        for (PamStack stack : without) {
            // A correction in a file also applies to the files that include it.
            if (without.stream().noneMatch(other -> other != stack && takes(stack, other))) {
                findings.add(Finding.warning(
                        ABOUT,
                        "sessions by " + stack.service() + " are not isolated: " + where(stack)
                                + " has no line with the module",
                        "jnsctl enable " + stack.file().substring(stack.file().lastIndexOf('/') + 1)));
            }
        }
    }

    private boolean takes(PamStack stack, PamStack other) {
        return files.file(stack.service()).stream()
                .flatMap(file -> file.lines().stream())
                .anyMatch(line -> line.isOf(PamStack.SESSION)
                        && line instanceof PamLine.Include include
                        && include.file().equals(other.service()));
    }

    private String where(PamStack stack) {
        boolean lent = files.file(stack.service())
                .filter(file -> file.path().equals(stack.file()))
                .isEmpty();
        return lent ? "PAM takes " + stack.file() + " for it, which" : stack.file();
    }
}
