// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.List;
import org.jns.model.AbsPath;
import org.jns.sys.Processes;

/**
 * A mount namespace that was made for a user.
 *
 * @param id the uid, a dot and 16 hexadecimal digits; the name of its record and of its pin
 * @param namespace the inode of the mount namespace
 * @param key what decides whether a further login gets this view too; empty: none does
 * @param rules the names of the rules that it was made by
 * @param shown what was mounted, in order
 * @param attendants processes that end with it
 * @param since seconds since 1970
 */
public record View(
        String id,
        String user,
        long uid,
        long namespace,
        String key,
        List<String> rules,
        List<Shown> shown,
        List<Attendant> attendants,
        long since) {

    public View {
        rules = List.copyOf(rules);
        shown = List.copyOf(shown);
        attendants = List.copyOf(attendants);
    }

    /**
     * One mount of a view.
     *
     * @param action as rules name it
     * @param rule the name of the rule that it is from
     * @param place that rule's file and line
     */
    public record Shown(AbsPath target, String action, String rule, String place) {}

    public boolean isShared() {
        return !key.isEmpty();
    }

    /**
     * Whether all of its attendants run.
     *
     * @throws org.jns.sys.SyscallException if the kernel does not tell
     */
    public boolean isWhole(Processes processes) {
        for (Attendant attendant : attendants) {
            if (!attendant.runs(processes)) {
                return false;
            }
        }
        return true;
    }
}
