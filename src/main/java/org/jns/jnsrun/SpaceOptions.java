// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.Optional;
import org.jns.model.NamespaceKind;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options for new namespaces. */
final class SpaceOptions extends OptionGroup {
    SpaceOptions(RunRequest request) {
        super(request);
    }

    @Spec(Spec.Target.MIXEE)
    void line(CommandSpec spec) {
        command(spec);
    }

    @Option(order = 11, names = "-m", arity = "0", hidden = true)
    void m(boolean yes) {
        request.spaces.add(NamespaceKind.MOUNT);
    }

    @Option(order = 12, names = "-u", arity = "0", hidden = true)
    void u(boolean yes) {
        request.spaces.add(NamespaceKind.UTS);
    }

    @Option(order = 13, names = "-i", arity = "0", hidden = true)
    void i(boolean yes) {
        request.spaces.add(NamespaceKind.IPC);
    }

    @Option(order = 14, names = "-n", arity = "0", hidden = true)
    void n(boolean yes) {
        request.spaces.add(NamespaceKind.NET);
    }

    @Option(order = 15, names = "-p", arity = "0", hidden = true)
    void p(boolean yes) {
        request.spaces.add(NamespaceKind.PID);
    }

    @Option(order = 16, names = "-U", arity = "0", hidden = true)
    void capitalU(boolean yes) {
        request.spaces.add(NamespaceKind.USER);
    }

    @Option(order = 17, names = "-C", arity = "0", hidden = true)
    void capitalC(boolean yes) {
        request.spaces.add(NamespaceKind.CGROUP);
    }

    @Option(order = 18, names = "-T", arity = "0", hidden = true)
    void capitalT(boolean yes) {
        request.spaces.add(NamespaceKind.TIME);
    }

    private void space(NamespaceKind space, String file) {
        request.spaces.add(space);
        if (!file.equals(RunOptions.BARE)) {
            Optional<String> before = Optional.ofNullable(request.kept.get(space));
            request.kept.put(space, once("--" + space.option(), before, file).get());
        }
    }

    @Option(
            order = 19,
            names = "--mount",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "FILE",
            description = "-m: mount namespace; kept by FILE, if it is named")
    void mount(String file) {
        space(NamespaceKind.MOUNT, file);
    }

    @Option(
            order = 20,
            names = "--uts",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "FILE",
            description = "-u: host name")
    void uts(String file) {
        space(NamespaceKind.UTS, file);
    }

    @Option(
            order = 21,
            names = "--ipc",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "FILE",
            description = "-i: System V IPC and message queues")
    void ipc(String file) {
        space(NamespaceKind.IPC, file);
    }

    @Option(
            order = 22,
            names = "--net",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "FILE",
            description = "-n: network")
    void net(String file) {
        space(NamespaceKind.NET, file);
    }

    @Option(
            order = 23,
            names = "--pid",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "FILE",
            description = "-p: process numbers, of the command's children; with -f its own")
    void pid(String file) {
        space(NamespaceKind.PID, file);
    }

    @Option(
            order = 24,
            names = "--user",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "FILE",
            description = "-U: users")
    void user(String file) {
        space(NamespaceKind.USER, file);
    }

    @Option(
            order = 25,
            names = "--cgroup",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "FILE",
            description = "-C: control groups")
    void cgroup(String file) {
        space(NamespaceKind.CGROUP, file);
    }

    @Option(
            order = 26,
            names = "--time",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "FILE",
            description = "-T: clocks%n")
    void time(String file) {
        space(NamespaceKind.TIME, file);
    }
}
