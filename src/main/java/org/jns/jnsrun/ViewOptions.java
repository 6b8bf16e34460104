// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.List;
import java.util.Optional;
import org.jns.model.NamespaceKind;
import picocli.CommandLine.Option;

/** The options that unshare(1) lacks. */
final class ViewOptions extends OptionGroup {
    ViewOptions(RunRequest request) {
        super(request);
    }

    @Option(order = 1, names = "--bind", paramLabel = "SRC:DST[:ro]", description = "show SRC in the place of DST")
    void bind(String text) {
        request.mounts.add(parsed("--bind", text, Mounting::bind));
    }

    @Option(
            order = 2,
            names = "--tmpfs",
            paramLabel = "DST[:SIZE]",
            description = "show an empty folder in memory at DST")
    void tmpfs(String text) {
        request.mounts.add(parsed("--tmpfs", text, Mounting::tmpfs));
    }

    @Option(order = 3, names = "--hide", paramLabel = "PATH", description = "show nothing at PATH, to nobody")
    void hide(String text) {
        request.mounts.add(parsed("--hide", text, Mounting::hide));
    }

    @Option(order = 4, names = "--private-tmp", arity = "0", description = "empty /tmp and /var/tmp")
    void privateTmp(boolean yes) {
        for (String folder : List.of("/tmp", "/var/tmp")) {
            request.mounts.add(new Mounting.Tmpfs(folder, Optional.empty()));
        }
    }

    @Option(
            order = 5,
            names = "--encfs",
            paramLabel = "RAW:DST",
            description = "show the encfs volume RAW at DST, to this command alone")
    void encfs(String text) {
        request.mounts.add(parsed("--encfs", text, Mounting::encfs));
    }

    @Option(
            order = 6,
            names = "--password-stdin",
            arity = "0",
            description = "the volume's password is the first line of standard input")
    void passwordFromInput(boolean yes) {
        request.passwordFromInput = true;
    }

    @Option(
            order = 7,
            names = "--rootfs",
            paramLabel = "DIR",
            description = "make DIR the root; nothing of the old one can be reached")
    void rootfs(String text) {
        request.rootfs = once("--rootfs", request.rootfs, text);
    }

    @Option(order = 8, names = "--rules", paramLabel = "FILE", description = "the view that the rules in FILE give")
    void rules(String text) {
        request.rulesFile = once("--rules", request.rulesFile, text);
    }

    @Option(
            order = 9,
            names = "--rule",
            paramLabel = "NAME",
            description = "the view of this rule in force; for other users than root, of all their rules and this one")
    void rule(String text) {
        request.rule = once("--rule", request.rule, text);
    }

    @Option(
            order = 10,
            names = "--hostname",
            paramLabel = "NAME",
            description = "host name of the command (implies -u)%n")
    void hostname(String text) {
        if (text.isEmpty() || text.length() > 64) {
            throw wrong("--hostname", "a host name has 1 to 64 characters");
        }
        request.hostname = once("--hostname", request.hostname, text);
        request.spaces.add(NamespaceKind.UTS);
    }
}
