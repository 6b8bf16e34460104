// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.Optional;
import org.jns.model.NamespaceKind;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options for new namespaces: for each kind a short one, and a long one that can name a file. No annotations, because
 * these sixteen options differ only in their names.
 */
final class SpaceOptions extends OptionGroup {
    /** Their place in the help text. */
    private static final int ORDER = 11;

    SpaceOptions(RunRequest request) {
        super(request);
    }

    void addTo(CommandSpec spec) {
        command = spec;
        add(NamespaceKind.MOUNT, "-m", "mount namespace; kept by FILE, if it is named");
        add(NamespaceKind.UTS, "-u", "host name");
        add(NamespaceKind.IPC, "-i", "System V IPC and message queues");
        add(NamespaceKind.NET, "-n", "network");
        add(NamespaceKind.PID, "-p", "process numbers, of the command's children; with -f its own");
        add(NamespaceKind.USER, "-U", "users");
        add(NamespaceKind.CGROUP, "-C", "control groups");
        add(NamespaceKind.TIME, "-T", "clocks%n");
    }

    private void add(NamespaceKind kind, String letter, String meaning) {
        ISetter setter = new Setter(kind);
        command.addOption(OptionSpec.builder(letter)
                .type(boolean.class)
                .hasInitialValue(false)
                .arity("0")
                .hidden(true)
                .setter(setter)
                .build());
        command.addOption(OptionSpec.builder("--" + kind.option())
                .type(String.class)
                .hasInitialValue(false)
                .arity("0..1")
                .preprocessor(new CommandLines.Attached())
                .paramLabel("FILE")
                .description(letter + ": " + meaning)
                .order(ORDER)
                .setter(setter)
                .build());
    }

    private final class Setter implements ISetter {
        private final NamespaceKind kind;

        Setter(NamespaceKind kind) {
            this.kind = kind;
        }

        @Override
        public <T> T set(T value) {
            request.spaces.add(kind);
            if (value instanceof String file && !file.equals(RunOptions.BARE)) {
                Optional<String> before = Optional.ofNullable(request.kept.get(kind));
                request.kept.put(kind, once("--" + kind.option(), before, file).get());
            }
            return value;
        }
    }
}
