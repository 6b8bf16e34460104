// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.List;
import org.jns.model.Directive;
import org.jns.model.Matcher;
import org.jns.model.NamespaceKind;
import org.jns.model.Rule;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;

/** Warns about the effects of namespaces that admins may not know. */
final class SpaceDoubts {
    /** The service with which systemd opens a session for a user's service manager. */
    private static final String USER_MANAGER = "systemd-user";

    private SpaceDoubts() {}

    static void report(Rule rule, StrictIni.Section section, Problems problems) {
        if (!(rule.directive() instanceof Directive.Isolate isolate)) {
            return;
        }
        SourceSpan kinds = section.value("isolate");
        if ((isolate.kinds().contains(NamespaceKind.PID) || isolate.kinds().contains(NamespaceKind.CGROUP))
                && mayBeFor(rule, USER_MANAGER)) {
            problems.warning(
                    kinds.at(),
                    "a user's service manager does not work where processes or cgroups are other than the host's; put service:"
                            + USER_MANAGER + " into 'except'");
        }
        if (isolate.kinds().contains(NamespaceKind.NET) && rule.only().isEmpty()) {
            problems.warning(
                    kinds.at(),
                    "in a network namespace of its own nobody reaches the network, and this rule is for everyone; name those whom it is for in 'only'");
        }
    }

    /** Unless the service is excluded, or only others are included. */
    private static boolean mayBeFor(Rule rule, String service) {
        if (named(rule.except(), service)) {
            return false;
        }
        for (Matcher matcher : rule.only()) {
            if (matcher instanceof Matcher.Not not && names(not.other(), service)) {
                return false;
            }
        }
        boolean anyService = true;
        for (Matcher matcher : rule.only()) {
            anyService &= matcher instanceof Matcher.Service;
        }
        return !anyService || rule.only().isEmpty() || named(rule.only(), service);
    }

    private static boolean named(List<Matcher> matchers, String service) {
        for (Matcher matcher : matchers) {
            if (names(matcher, service)) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(Matcher matcher, String service) {
        return matcher instanceof Matcher.Service one && one.name().matches(service);
    }
}
