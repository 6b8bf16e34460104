// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.enable;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jns.config.Policy;
import org.jns.config.Settings;
import org.jns.config.Subjects;
import org.jns.doctor.Finding;
import org.jns.doctor.PamAdvice;
import org.jns.doctor.PamFiles;
import org.jns.jnsctl.doctor.Doctor;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.Sight;
import org.jns.jnsctl.pam.LineChange;
import org.jns.jnsctl.pam.PamFolders;
import org.jns.jnsctl.pam.ProfileChange;
import org.jns.jnsctl.pam.StackChange;
import org.jns.jnsctl.pam.StackFiles;
import org.jns.jnsctl.rules.InstalledRules;
import org.jns.linux.NameService;
import org.jns.linux.Syscalls;
import org.jns.model.Printable;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.rules.RuleMatcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds the module to the stacks of login programs, after it has tried that users get in. */
@Command(
        name = "enable",
        description =
                "Puts the module into the stacks of PAM: of the named services, or of all by which people log in. First it looks and tries"
                        + " whether root and a user would get in, and afterwards whether they do.",
        mixinStandardHelpOptions = true)
public final class Enable implements Callable<Integer> {
    static final Path STACKS = Path.of("/etc/pam.d");
    static final Path VENDOR = Path.of("/usr/lib/pam.d");
    /** Services that open sessions of users, without graphical ones, which have many names. */
    private static final List<String> LOGINS = List.of(
            "login",
            "remote",
            "sshd",
            "su",
            "su-l",
            "sudo",
            "sudo-i",
            "cron",
            "crond",
            "atd",
            "systemd-user",
            "systemd-run0");

    private static final Set<String> NO_SHELLS = Set.of("nologin", "false", "sync");
    private static final int FIRST_USER = 1000;
    private static final int LAST_USER = 59_999;
    private static final int MOST_USERS = 1000;

    @Parameters(paramLabel = "SERVICE", description = "a file of /etc/pam.d, such as sshd", arity = "0..*")
    private List<String> services = new ArrayList<>();

    @Option(
            names = "--trial-user",
            paramLabel = "USER",
            description = "whose sessions are tried (default: who called sudo, or the first whom a rule is for)")
    private String trialUser;

    @Option(names = "--force", description = "enable although the rules would refuse somebody")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Host host = new Host();
        Sight sight = new Sight();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        mustBeRoot(sight, "enable");
        InstalledRules rules = InstalledRules.read(host);
        StackFiles files = stackFiles(rules.settings());
        PamFolders pam = new PamFolders(sight);
        PamFiles now = pam.read();
        StackChange change = change(files, now);
        if (change.services().isEmpty()) {
            out.println("nothing to do: the module is in all these stacks");
            return 0;
        }
        List<Finding> errors = new ArrayList<>(Doctor.besidePam(host, sight, rules).stream()
                .filter(Finding::isError)
                .toList());
        if (pam.hasRival()) {
            errors.addAll(PamAdvice.rivals(now, change.services()));
        }
        if (!errors.isEmpty()) {
            errors.forEach(error -> err.println(
                    error.about() + ": " + error.what() + (error.mend().isEmpty() ? "" : "\n  -> " + error.mend())));
            throw new Host.Failure(
                    "cannot enable anything before this is mended; all that there is to say: jnsctl doctor");
        }
        if (!force) {
            mustLetPeopleIn(rules, err);
        }
        try (LoginTrials trials = new LoginTrials(files, change, userToTry(rules))) {
            enable(change, trials);
            out.println(trials.summary());
        }
        out.println(change.made());
        out.println("back: jnsctl disable; what was changed is kept in " + files.kept());
        return 0;
    }

    private static void mustLetPeopleIn(InstalledRules rules, PrintWriter err) {
        List<Problem> shutOut =
                rules.foreseen().stream().filter(Problem::isError).toList();
        if (!shutOut.isEmpty()) {
            shutOut.forEach(err::println);
            throw new Host.Failure(
                    "cannot enable anything: people would not get in; mend the rules, or enable them as they are: jnsctl enable --force");
        }
    }

    private void enable(StackChange change, LoginTrials trials) {
        try {
            trials.before();
        } catch (Host.Failure e) {
            throw new Host.Failure("nothing was changed: " + e.getMessage());
        }
        // Everything must be restored if the admin interrupts the command or the connection breaks.
        Thread undo = new Thread(change::undo);
        Runtime.getRuntime().addShutdownHook(undo);
        try {
            change.make();
            trials.after();
            Runtime.getRuntime().removeShutdownHook(undo);
        } catch (Host.Failure e) {
            Runtime.getRuntime().removeShutdownHook(undo);
            change.undo();
            throw new Host.Failure("all is as it was: " + e.getMessage());
        }
    }

    private StackChange change(StackFiles files, PamFiles now) {
        if (services.isEmpty() && ProfileChange.isPossible()) {
            return new ProfileChange(files, now, existing(files, now));
        }
        for (String service : services) {
            if (files.text(StackFiles.checked(service)).isEmpty()) {
                throw new Host.Failure("there is no service " + Printable.of(service) + ": neither " + STACKS + " nor "
                        + VENDOR + " has such a file");
            }
        }
        return LineChange.of(files, now, services.isEmpty() ? existing(files, now) : services);
    }

    private static List<String> existing(StackFiles files, PamFiles now) {
        return LOGINS.stream()
                .filter(service ->
                        now.file(service).isPresent() && files.text(service).isPresent())
                .toList();
    }

    static StackFiles stackFiles(Settings settings) {
        return new StackFiles(STACKS, VENDOR, Path.of(settings.instances().value(), "pam.d.before"));
    }

    static void mustBeRoot(Sight sight, String what) {
        if (sight.look(Path.of("/proc/self")).filter(self -> self.uid() == 0).isEmpty()) {
            throw new Host.Failure("cannot " + what + " anything: only root can change " + STACKS);
        }
    }

    private Optional<String> userToTry(InstalledRules rules) {
        NameService names = new NameService();
        Syscalls sys = new Host().sys;
        Policy policy =
                Policy.ask(Optional.of(rules.readable()), rules.settings().admission(), names, sys);
        if (trialUser != null) {
            if (isFor(trialUser, policy, names, sys).isEmpty()) {
                throw new Host.Failure("there is no user " + Printable.of(trialUser));
            }
            return Optional.of(trialUser);
        }
        String caller = Optional.ofNullable(System.getenv("SUDO_USER")).orElse("");
        if (!caller.isEmpty()
                && !caller.equals("root")
                && isFor(caller, policy, names, sys).isPresent()) {
            return Optional.of(caller);
        }
        return regularUsers().stream()
                .filter(name -> isFor(name, policy, names, sys).orElse(false))
                .findFirst();
    }

    /** Whether any rule applies to the user's logins; empty if the user does not exist. */
    private static Optional<Boolean> isFor(String user, Policy policy, NameService names, Syscalls sys) {
        try {
            RuleSet rules = policy.rules().orElseThrow();
            return Optional.of(!RuleMatcher.select(rules, new Subjects(names, sys).of(user, "login", "", policy))
                    .isEmpty());
        } catch (Subjects.Unknown e) {
            return Optional.empty();
        }
    }

    private static List<String> regularUsers() {
        List<String> users = new ArrayList<>();
        for (String line : new Sight().text(Path.of("/etc/passwd")).orElse("").split("\n")) {
            String[] fields = line.split(":");
            boolean isRegular = fields.length > 6
                    && !NO_SHELLS.contains(fields[6].substring(fields[6].lastIndexOf('/') + 1))
                    && fields[2].matches("[0-9]{4,5}")
                    && Integer.parseInt(fields[2]) >= FIRST_USER
                    && Integer.parseInt(fields[2]) <= LAST_USER;
            if (isRegular && users.size() < MOST_USERS) {
                users.add(new String(fields[0].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            }
        }
        return users;
    }
}
