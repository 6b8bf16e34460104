// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.Optional;
import org.jns.model.NamespaceKind;

/** Refuses options that exclude each other. */
final class Checks {
    private Checks() {}

    static void check(RunRequest request, RunCaller caller) throws Refused {
        refuseIf(
                (request.monotonic.isPresent() || request.boottime.isPresent())
                        && !request.spaces.contains(NamespaceKind.TIME),
                "--monotonic and --boottime are for a time namespace; add -T");
        refuseIf(
                request.setgroups.equals(Optional.of(true))
                        && !request.groups.isEmpty()
                        && !IdRequest.isMore(request.groups),
                "--setgroups allow and a single group exclude each other, user_namespaces(7); map a range, with --map-groups or --map-auto");
        refuseIf(
                !request.asUnshare && (IdRequest.isSplit(request.users) || IdRequest.isSplit(request.groups)),
                "the caller can be one user and one group in a user namespace; choose one of -r, -c, --map-user and --map-group");
        refuseIf(request.rootfs.isPresent() && request.root.isPresent(), "--rootfs and -R are two roots; choose one");
        refuseIf(
                request.rulesFile.isPresent() && request.rule.isPresent(),
                "--rules and --rule exclude each other; put the rule into the file");
        refuseIf(
                request.changesView()
                        && (request.propagation() == RunRequest.Propagation.SHARED
                                || request.propagation() == RunRequest.Propagation.UNCHANGED),
                "with --propagation shared or unchanged everybody would get what is for this command; leave it out, or take slave");
        refuseIf(
                request.passwordFromInput && !request.hasVolume(),
                "--password-stdin is the password of a volume; add --encfs");
        refuseIf(
                (RunRecipe.isTwice(request, caller) || RunRecipe.isOwn(request, caller))
                        && (request.uid.isPresent() || request.gid.isPresent()),
                "-S and -G are root's; leave them out, or add -r to be root in a user namespace");
    }

    static void refuseIf(boolean wrong, String why) throws Refused {
        if (wrong) {
            throw new Refused(why);
        }
    }
}
