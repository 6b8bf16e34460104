// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.jnsenter.Getopt.Item;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.jnsenter.Getopt.Option;
import org.jns.jnsenter.Getopt.Value;
import org.jns.model.NamespaceKind;
import org.jns.recipe.Raw;

/** The options of jnsenter: those of nsenter(1), with the same names, letters and meanings, and additional ones. */
final class EnterOptions {
    static final List<Option> ALL = all();

    private Target target = new Target.None();
    private boolean hasTarget;
    /** Like nsenter(1): only named namespaces are entered. */
    private boolean byOption;

    private boolean allSpaces;
    private final Map<NamespaceKind, String> spaces = new EnumMap<>(NamespaceKind.class);
    private boolean userParent;
    private Optional<String> netSocket = Optional.empty();
    private Optional<String> root = Optional.empty();
    private Optional<String> wd = Optional.empty();
    private Optional<String> wdInside = Optional.empty();
    private Optional<String> uid = Optional.empty();
    private Optional<String> gid = Optional.empty();
    private boolean preserveCredentials;
    private boolean keepCaps;
    private boolean environmentOfTarget;
    private boolean noFork;
    private boolean joinCgroup;
    private boolean followContext;
    private EnterRequest.Terminal terminal = EnterRequest.Terminal.USUAL;
    private final List<String> variables = new ArrayList<>();
    private boolean login;
    private boolean trustMounts;
    private boolean help;
    private boolean version;
    private List<String> command = List.of();

    /** Whether it is called as nsenter(1): only -t names a target, and the last one of repeated options counts. */
    private final boolean asNsenter;

    private EnterOptions(boolean asNsenter) {
        this.asNsenter = asNsenter;
    }

    private static List<Option> all() {
        List<Option> all = new ArrayList<>();
        all.add(new Option('a', "all", Value.NONE));
        all.add(new Option('t', "target", Value.NEEDED));
        for (NamespaceKind space : NamespaceKind.values()) {
            all.add(new Option(letter(space), space.option(), Value.ATTACHED));
        }
        all.add(new Option('N', "net-socket", Value.NEEDED));
        all.add(new Option('\0', "user-parent", Value.NONE));
        all.add(new Option('S', "setuid", Value.NEEDED));
        all.add(new Option('G', "setgid", Value.NEEDED));
        all.add(new Option('\0', "preserve-credentials", Value.NONE));
        all.add(new Option('\0', "keep-caps", Value.NONE));
        all.add(new Option('r', "root", Value.ATTACHED));
        all.add(new Option('w', "wd", Value.ATTACHED));
        all.add(new Option('W', "wdns", Value.ATTACHED));
        all.add(new Option('e', "env", Value.VARIABLE));
        all.add(new Option('F', "no-fork", Value.NONE));
        all.add(new Option('c', "join-cgroup", Value.NONE));
        all.add(new Option('Z', "follow-context", Value.NONE));
        for (String own : List.of("host", "pty", "no-pty", "login", "trust-mounts")) {
            all.add(new Option('\0', own, Value.NONE));
        }
        all.add(new Option('h', "help", Value.NONE));
        all.add(new Option('V', "version", Value.NONE));
        return all;
    }

    private static char letter(NamespaceKind kind) {
        return switch (kind) {
            case MOUNT -> 'm';
            case UTS -> 'u';
            case IPC -> 'i';
            case NET -> 'n';
            case PID -> 'p';
            case CGROUP -> 'C';
            case USER -> 'U';
            case TIME -> 'T';
        };
    }

    /** The meaning of a command line: a request, or a text to print. */
    record Read(Optional<EnterRequest> request, boolean version) {}

    /** @param asNsenter whether it is called under that name */
    static Read read(List<String> arguments, boolean asNsenter) throws Misuse {
        EnterOptions options = new EnterOptions(asNsenter);
        options.take(new Getopt(ALL, arguments));
        if (options.help || options.version) {
            return new Read(Optional.empty(), !options.help);
        }
        EnterRequest request = options.request();
        EnterChecks.possible(request);
        return new Read(Optional.of(request), false);
    }

    /** The first operand is the target, unless an option names what to enter; the next one begins the command. */
    private void take(Getopt getopt) throws Misuse {
        for (Optional<Item> item = getopt.next(); item.isPresent() && !help && !version; item = getopt.next()) {
            String text = item.get().text();
            if (item.get().option().isPresent()) {
                set(item.get().option().get(), item.get().value());
            } else if (asNsenter || hasTarget || namesFile()) {
                command = new ArrayList<>();
                command.add(text);
                command.addAll(getopt.rest());
                return;
            } else {
                aim(Target.parse(text));
            }
        }
    }

    private boolean namesFile() {
        for (String file : spaces.values()) {
            if (!file.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void aim(Target at) throws Misuse {
        if (hasTarget && !asNsenter) {
            throw new Misuse("there is more than one target");
        }
        target = at;
        hasTarget = true;
    }

    private void set(Option option, Optional<String> value) throws Misuse {
        for (NamespaceKind space : NamespaceKind.values()) {
            if (space.option().equals(option.name())) {
                spaces.put(
                        space,
                        once(option, Optional.ofNullable(spaces.get(space)), value.orElse(""))
                                .get());
                return;
            }
        }
        String text = value.orElse("");
        switch (option.name()) {
            case "all" -> allSpaces = true;
            case "target" -> {
                aim(Target.process(text));
                byOption = true;
            }
            case "net-socket" -> netSocket = once(option, netSocket, text);
            case "user-parent" -> userParent = true;
            case "setuid" -> uid = once(option, uid, text);
            case "setgid" -> gid = once(option, gid, text);
            case "preserve-credentials" -> preserveCredentials = true;
            case "keep-caps" -> keepCaps = true;
            case "root" -> root = once(option, root, text);
            case "wd" -> wd = once(option, wd, text);
            case "wdns" -> wdInside = once(option, wdInside, text);
            case "env" -> environment(value);
            case "no-fork" -> noFork = true;
            case "join-cgroup" -> joinCgroup = true;
            case "follow-context" -> followContext = true;
            case "host" -> aim(new Target.Host());
            case "pty" -> terminal(EnterRequest.Terminal.ALWAYS);
            case "no-pty" -> terminal(EnterRequest.Terminal.NEVER);
            case "login" -> login = true;
            case "trust-mounts" -> trustMounts = true;
            case "version" -> version = true;
            default -> help = true;
        }
    }

    private <T> Optional<T> once(Option option, Optional<T> before, T now) throws Misuse {
        if (!asNsenter && before.isPresent() && !before.get().equals(now)) {
            throw new Misuse(
                    "option --" + option.name() + " is given twice, with different values; leave one of them out");
        }
        return Optional.of(now);
    }

    private void terminal(EnterRequest.Terminal wanted) throws Misuse {
        if (terminal != EnterRequest.Terminal.USUAL && terminal != wanted) {
            throw new Misuse("options --pty and --no-pty exclude each other");
        }
        terminal = wanted;
    }

    private void environment(Optional<String> variable) throws Misuse {
        if (variable.isEmpty()) {
            environmentOfTarget = true;
        } else if (Getopt.isVariable(variable.get())) {
            variables.add(variable.get());
        } else {
            throw new Misuse("option --env takes NAME=VALUE, and '" + Raw.read(variable.get()) + "' is none");
        }
    }

    private EnterRequest request() {
        // A process as the target means all of its namespaces, because there is no view of jns that lists them.
        boolean byItself = (target instanceof Target.Unit || target instanceof Target.Process) && isBare();
        return new EnterRequest(
                target,
                allSpaces || byItself && !byOption,
                spaces,
                userParent,
                netSocket,
                root,
                wd,
                wdInside,
                uid,
                gid,
                preserveCredentials,
                keepCaps,
                environmentOfTarget,
                noFork,
                joinCgroup,
                followContext,
                terminal,
                variables,
                login,
                trustMounts,
                asNsenter,
                command);
    }

    private boolean isBare() {
        return spaces.isEmpty() && netSocket.isEmpty();
    }
}
