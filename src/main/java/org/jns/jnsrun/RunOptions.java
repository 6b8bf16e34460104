// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jns.model.NamespaceKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options of jnsrun: those of unshare(1), with the same names and meanings, and additional ones. */
@Command(
        name = "jnsrun",
        synopsisHeading = "usage: ",
        customSynopsis = "jnsrun [OPTION]... [--] [COMMAND [ARGUMENT]...]",
        description = "%nRuns a command (or a shell) in a view and in namespaces of its own.%n",
        sortOptions = false,
        optionListHeading = "Options:%n")
@SuppressWarnings("unused") // picocli reads the fields that nothing here reads
final class RunOptions extends OptionGroup {
    /** Stands for the value of an option that was given without one. */
    static final String BARE = "";

    @Mixin
    private final ViewOptions view = new ViewOptions(request);

    @Mixin
    private final IdOptions ids = new IdOptions(request);

    final SpaceOptions spaces = new SpaceOptions(request);

    /** @param asUnshare whether it is called under that name */
    RunOptions(boolean asUnshare) {
        super(new RunRequest(asUnshare));
    }

    @Spec
    void line(CommandSpec spec) {
        command = spec;
    }

    RunRequest request() {
        return request;
    }

    @Option(
            order = 27,
            names = {"-f", "--fork"},
            arity = "0",
            description = "run the command as a child, and wait for it")
    void fork(boolean yes) {
        request.fork = true;
    }

    @Option(
            order = 28,
            names = "--kill-child",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "SIGNAL",
            description = "the child gets SIGNAL (KILL) when jnsrun dies (implies -f)")
    void killChild(String text) {
        OptionalInt signal = text.equals(BARE) ? OptionalInt.of(SignalNames.KILL) : SignalNames.number(text);
        if (signal.isEmpty()) {
            throw wrong("--kill-child", "there is no signal '" + text + "'");
        }
        request.killChild = once("--kill-child", request.killChild, signal.getAsInt());
    }

    @Option(
            order = 29,
            names = "--forward-signals",
            arity = "0",
            description = "the child gets SIGTERM and SIGINT that jnsrun gets (implies -f)")
    void forwardSignals(boolean yes) {
        request.forwardSignals = true;
    }

    @Option(
            order = 30,
            names = "--mount-proc",
            arity = "0..1",
            preprocessor = CommandLines.Attached.class,
            paramLabel = "DIR",
            description = "a new proc on DIR (/proc), just before the command (implies -m)")
    void mountProc(String folder) {
        request.proc = once("--mount-proc", request.proc, folder.equals(BARE) ? "/proc" : folder);
        request.spaces.add(NamespaceKind.MOUNT);
    }

    @Option(
            order = 31,
            names = "--propagation",
            paramLabel = "HOW",
            description = "private, slave, shared or unchanged mounts in a new mount namespace (private)")
    void propagation(String text) {
        for (RunRequest.Propagation how : RunRequest.Propagation.values()) {
            if (how.name().toLowerCase(Locale.ROOT).equals(text)) {
                request.propagation = once("--propagation", request.propagation, how);
                return;
            }
        }
        throw wrong("--propagation", "'" + text + "' is none of private, slave, shared and unchanged");
    }

    @Option(
            order = 32,
            names = {"-R", "--root"},
            paramLabel = "DIR",
            description = "chroot to DIR")
    void root(String text) {
        request.root = once("--root", request.root, text);
    }

    @Option(
            order = 33,
            names = {"-w", "--wd"},
            paramLabel = "DIR",
            description = "working folder")
    void folder(String text) {
        request.folder = once("--wd", request.folder, text);
    }

    @Option(
            order = 34,
            names = {"-S", "--setuid"},
            paramLabel = "USER",
            description = "number or name of the user whom the command runs as")
    void uid(String text) {
        request.uid = once("--setuid", request.uid, text);
    }

    @Option(
            order = 35,
            names = {"-G", "--setgid"},
            paramLabel = "GROUP",
            description = "number or name of the group; drops the supplementary ones%n")
    void gid(String text) {
        request.gid = once("--setgid", request.gid, text);
    }

    @Option(
            order = 46,
            names = "--monotonic",
            paramLabel = "SECONDS",
            description = "offset of CLOCK_MONOTONIC (needs -T)")
    void monotonic(String text) {
        request.monotonic = once("--monotonic", request.monotonic, seconds("--monotonic", text));
    }

    @Option(
            order = 47,
            names = "--boottime",
            paramLabel = "SECONDS",
            description = "offset of CLOCK_BOOTTIME (needs -T)%n")
    void boottime(String text) {
        request.boottime = once("--boottime", request.boottime, seconds("--boottime", text));
    }

    private long seconds(String option, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw wrong(option, "'" + text + "' is no number of seconds");
        }
    }

    @Option(
            order = 48,
            names = "--clear-env",
            arity = "0",
            description = "the command begins with an empty environment")
    void clearEnvironment(boolean yes) {
        request.clearEnvironment = true;
    }

    @Option(
            order = 49,
            names = {"-v", "--verbose"},
            arity = "0",
            description = "say what is done, and the process numbers")
    void verbose(boolean yes) {
        request.verbose = true;
    }

    @Option(
            order = 50,
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this")
    private boolean help;

    @Option(
            order = 51,
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version")
    private boolean version;

    @Parameters(arity = "0..*", hidden = true)
    void command(List<String> words) {
        request.command.clear();
        request.command.addAll(words);
    }
}
