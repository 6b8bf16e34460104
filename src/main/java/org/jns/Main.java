// SPDX-License-Identifier: Apache-2.0
package org.jns;

import java.util.Arrays;
import org.jns.jnsctl.JnsCtl;
import org.jns.jnsd.JnsDaemon;
import org.jns.jnsenter.JnsEnter;
import org.jns.jnsrun.JnsRun;

/** The jar's entry: the first argument names the program. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        String program = args.length == 0 ? "" : args[0];
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (program) {
            case "jnsd" -> JnsDaemon.main(rest);
            case "jnsenter" -> JnsEnter.main(rest);
            case "jnsctl" -> JnsCtl.main(rest);
            case "jnsrun" -> JnsRun.main(rest);
            default -> {
                System.err.println("usage: java -jar jns.jar jnsd|jnsctl|jnsenter|jnsrun [ARGUMENT...]");
                System.exit(2);
            }
        }
    }
}
