// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.Map;
import java.util.Optional;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.model.NamespaceKind;
import org.jns.recipe.Raw;

/** Refuses options that exclude each other. */
final class Check {

    private Check() {}

    static void possible(Wish wish) throws Misuse {
        Optional<String> option = wish.needsProcess();
        if (option.isPresent() && !wish.isOfProcess()) {
            throw new Misuse(option.get() + " needs a process as the target: -t PID, pid:PID or unit:NAME");
        }
        if (wish.wd().isPresent() && wish.wdInside().isPresent()) {
            throw new Misuse("--wd and --wdns exclude each other");
        }
        if (wish.wdInside().equals(Optional.of(""))) {
            throw new Misuse("--wdns needs a folder, attached: --wdns=FOLDER");
        }
        if (wish.netSocket().isPresent() && !wish.netSocket().get().matches("[0-9]{1,9}")) {
            throw new Misuse("'" + Raw.read(wish.netSocket().get()) + "' is not the number of a descriptor");
        }
        if (wish.netSocket().isPresent() && wish.spaces().containsKey(NamespaceKind.NET)) {
            throw new Misuse("--net and --net-socket exclude each other");
        }
        if (wish.login() && wish.environmentOfTarget()) {
            throw new Misuse("--login and -e exclude each other: both say what the environment is");
        }
        if (!wish.isOfProcess()) {
            noneOfProcess(wish);
        }
        if (!entersOrDoes(wish)) {
            throw new Misuse("there is nothing to enter: name a user, session:ID, unit:NAME, pid:PID or a path, or namespaces with options");
        }
    }

    /** Without a process, each kind of namespace needs a file. */
    private static void noneOfProcess(Wish wish) throws Misuse {
        for (Map.Entry<NamespaceKind, String> space : wish.spaces().entrySet()) {
            boolean isViews = wish.isOfView() || wish.target() instanceof Target.Host && space.getKey() != NamespaceKind.USER;
            if (space.getValue().isEmpty() && !isViews) {
                throw new Misuse("--" + space.getKey().option() + " needs a target, or a file: --" + space.getKey().option() + "=FILE");
            }
        }
    }

    private static boolean entersOrDoes(Wish wish) {
        boolean entersTarget = !(wish.target() instanceof Target.None) && !(wish.target() instanceof Target.Process);
        boolean entersNamed = wish.all() || !wish.spaces().isEmpty() || wish.netSocket().isPresent();
        boolean changesPlace = wish.root().isPresent() || wish.wd().isPresent() || wish.wdInside().isPresent() || wish.joinCgroup() || wish.environmentOfTarget();
        return entersTarget || entersNamed || changesPlace;
    }
}
