// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.recipe.Op;
import org.jns.recipe.Raw;

/** What a login provides: a shell, and an environment. */
final class Login {
    private static final String OF_ROOT = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String OF_OTHERS = "/usr/local/bin:/usr/bin:/bin";
    private static final String SHELL = "/bin/sh";

    private Login() {}

    /** The variables that login(1) sets, and no others. */
    static List<Op> environment(Account account, Optional<String> term) {
        List<Op> ops = new ArrayList<>();
        ops.add(Op.of("env-clear"));
        for (String variable : List.of(
                "HOME=" + home(account),
                "USER=" + account.name(),
                "LOGNAME=" + account.name(),
                "SHELL=" + shellOf(account),
                "PATH=" + (account.uid() == 0 ? OF_ROOT : OF_OTHERS))) {
            ops.add(Op.of("env", Raw.of(variable)));
        }
        if (term.isPresent()) {
            ops.add(Op.of("env", "TERM=" + term.get()));
        }
        return ops;
    }

    /** Where a login begins: the root folder if the account has no home. */
    static String home(Account account) {
        return account.home().isEmpty() ? "/" : account.home();
    }

    private static String shellOf(Account account) {
        return account.shell().isEmpty() ? SHELL : account.shell();
    }

    /** Raw. Looked up outside, because the user database inside has other users. */
    static String shell(EnterRequest request, EnterFacts facts) {
        if (request.login() || facts.become().isPresent() || facts.shell().isEmpty()) {
            return Raw.of(shellOf(Identities.account(facts)));
        }
        return facts.shell().get();
    }
}
