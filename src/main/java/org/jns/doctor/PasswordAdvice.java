// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.doctor.PamLine.Call;
import org.jns.model.Printable;

/**
 * Checks whether the module gets the password, for volumes that it opens: by its auth line, after the lines that ask
 * for the password.
 */
public final class PasswordAdvice {
    private static final String ABOUT = "pam";
    private static final String LINE = "auth optional " + PamAdvice.MODULE;

    /** Programs that ask the user whose session they open, in the process that opens it. */
    private static final List<String> BRINGING = List.of(
            "login",
            "remote",
            "sshd",
            "su",
            "su-l",
            "gdm-password",
            "lightdm",
            "sddm",
            "xdm",
            "lxdm",
            "greetd",
            "kde",
            "xrdp-sesman",
            "cockpit");

    private static final List<String> ASKING =
            List.of("pam_unix.so", "pam_sss.so", "pam_ldap.so", "pam_krb5.so", "pam_winbind.so", "pam_systemd_home.so");
    /** Admits root without a question. */
    private static final String ROOT_IS_LET_IN = "pam_rootok.so";

    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> told = new LinkedHashSet<>();

    private PasswordAdvice() {}

    /** @param wanted whether a rule has a volume that the password opens */
    public static List<Finding> on(PamFiles files, boolean wanted) {
        PasswordAdvice advice = new PasswordAdvice();
        List<String> without = new ArrayList<>();
        for (String service : PamAdvice.LOGINS) {
            PamStack stack = PamStack.ofAuth(files, service);
            List<Call> calls = stack.callsOf(PamAdvice.MODULE);
            calls.forEach(call -> advice.line(stack, call));
            boolean isolated = files.file(service).isPresent() && files.hasModule(service);
            if (isolated
                    && BRINGING.contains(service)
                    && calls.isEmpty()
                    && !asking(stack).isEmpty()) {
                without.add(service);
            }
        }
        if (wanted && !without.isEmpty()) {
            advice.findings.add(Finding.warning(
                    ABOUT,
                    "rules have volumes that the password opens, and sessions by " + String.join(", ", without)
                            + " bring none: their stacks have no line for it",
                    "write after the lines that ask for it: " + LINE));
        }
        return List.copyOf(advice.findings);
    }

    private static List<Call> asking(PamStack stack) {
        return ASKING.stream().flatMap(module -> stack.callsOf(module).stream()).toList();
    }

    private void line(PamStack stack, Call call) {
        Optional<String> wrong = ModuleOptions.parse(call.options()).wrong();
        if (wrong.isPresent() && told.add("option " + call.at())) {
            findings.add(Finding.warning(
                    ABOUT,
                    call.at() + ": the module does not take " + Printable.of(wrong.get()) + "; each login logs that",
                    "edit " + call.at().file() + "; man 8 pam_jns has the options"));
        }
        List<Call> asking = asking(stack);
        if (!asking.isEmpty()
                && asking.stream().allMatch(other -> stack.isBefore(call, other))
                && told.add("order " + call.at())) {
            findings.add(Finding.warning(
                    ABOUT,
                    call.at() + ": the module sees no password here: it is asked for by "
                            + asking.get(0).module() + " at " + asking.get(0).at(),
                    "put this line after that one"));
        }
        Optional<Call> before = stack.passingOver(call).filter(other -> !PamStack.isNamed(other, ROOT_IS_LET_IN));
        if (before.isPresent() && told.add(before.get().at() + " " + call.at())) {
            findings.add(Finding.note(
                    ABOUT,
                    call.at() + ": sessions by " + stack.service() + " may bring no password for volumes: "
                            + before.get().at() + ", "
                            + Printable.of(before.get().module()) + ", can pass over this line",
                    "make that one 'required', or move it into a file that is called as a substack"));
        }
    }
}
