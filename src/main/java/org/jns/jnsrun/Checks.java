// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.Optional;
import org.jns.model.NamespaceKind;

/** Refuses options that exclude each other. */
final class Checks {
    private Checks() {}

    static void check(Wish wish, Caller caller) throws Refused {
        refuseIf(
                (wish.monotonic.isPresent() || wish.boottime.isPresent()) && !wish.spaces.contains(NamespaceKind.TIME),
                "--monotonic and --boottime are for a time namespace; add -T");
        refuseIf(
                wish.setgroups.equals(Optional.of(true)) && !wish.groups.isEmpty() && !IdWish.isMore(wish.groups),
                "--setgroups allow and a single group exclude each other, user_namespaces(7); map a range, with --map-groups or --map-auto");
        refuseIf(
                !wish.asUnshare && (IdWish.isSplit(wish.users) || IdWish.isSplit(wish.groups)),
                "the caller can be one user and one group in a user namespace; choose one of -r, -c, --map-user and --map-group");
        refuseIf(wish.rootfs.isPresent() && wish.root.isPresent(), "--rootfs and -R are two roots; choose one");
        refuseIf(wish.rulesFile.isPresent() && wish.rule.isPresent(), "--rules and --rule exclude each other; put the rule into the file");
        refuseIf(
                wish.changesView() && (wish.propagation() == Wish.Propagation.SHARED || wish.propagation() == Wish.Propagation.UNCHANGED),
                "with --propagation shared or unchanged everybody would get what is for this command; leave it out, or take slave");
        refuseIf(wish.passwordFromInput && !wish.hasVolume(), "--password-stdin is the password of a volume; add --encfs");
        refuseIf(
                (Composer.isTwice(wish, caller) || Composer.isOwn(wish, caller)) && (wish.uid.isPresent() || wish.gid.isPresent()),
                "-S and -G are root's; leave them out, or add -r to be root in a user namespace");
    }

    static void refuseIf(boolean wrong, String why) throws Refused {
        if (wrong) {
            throw new Refused(why);
        }
    }
}
