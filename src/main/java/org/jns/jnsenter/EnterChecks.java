// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.Map;
import java.util.Optional;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.model.NamespaceKind;
import org.jns.recipe.Raw;

/** Refuses options that exclude each other. */
final class EnterChecks {

    private EnterChecks() {}

    static void possible(EnterRequest request) throws Misuse {
        Optional<String> option = request.needsProcess();
        if (option.isPresent() && !request.isOfProcess()) {
            throw new Misuse(option.get() + " needs a process as the target: -t PID, pid:PID or unit:NAME");
        }
        if (request.wd().isPresent() && request.wdInside().isPresent()) {
            throw new Misuse("--wd and --wdns exclude each other");
        }
        if (request.wdInside().equals(Optional.of(""))) {
            throw new Misuse("--wdns needs a folder, attached: --wdns=FOLDER");
        }
        if (request.netSocket().isPresent() && !request.netSocket().get().matches("[0-9]{1,9}")) {
            throw new Misuse("'" + Raw.read(request.netSocket().get()) + "' is not the number of a descriptor");
        }
        if (request.netSocket().isPresent() && request.spaces().containsKey(NamespaceKind.NET)) {
            throw new Misuse("--net and --net-socket exclude each other");
        }
        if (request.login() && request.environmentOfTarget()) {
            throw new Misuse("--login and -e exclude each other: both say what the environment is");
        }
        if (!request.isOfProcess()) {
            noneOfProcess(request);
        }
        if (!entersOrDoes(request)) {
            throw new Misuse(
                    "there is nothing to enter: name a user, session:ID, unit:NAME, pid:PID or a path, or namespaces with options");
        }
    }

    /** Without a process, each kind of namespace needs a file. */
    private static void noneOfProcess(EnterRequest request) throws Misuse {
        for (Map.Entry<NamespaceKind, String> space : request.spaces().entrySet()) {
            boolean isViews = request.isOfView()
                    || request.target() instanceof Target.Host && space.getKey() != NamespaceKind.USER;
            if (space.getValue().isEmpty() && !isViews) {
                throw new Misuse("--" + space.getKey().option() + " needs a target, or a file: --"
                        + space.getKey().option() + "=FILE");
            }
        }
    }

    private static boolean entersOrDoes(EnterRequest request) {
        boolean entersTarget =
                !(request.target() instanceof Target.None) && !(request.target() instanceof Target.Process);
        boolean entersNamed = request.all()
                || !request.spaces().isEmpty()
                || request.netSocket().isPresent();
        boolean changesPlace = request.root().isPresent()
                || request.wd().isPresent()
                || request.wdInside().isPresent()
                || request.joinCgroup()
                || request.environmentOfTarget();
        return entersTarget || entersNamed || changesPlace;
    }
}
