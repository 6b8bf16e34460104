// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.jnsenter.EnterFacts.Found;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.model.NamespaceKind;
import org.jns.recipe.Op;
import org.jns.recipe.Raw;
import org.jns.recipe.Recipe;

/** Turns a request and its facts into a recipe, in nsenter's order: everything is opened before anything is entered. */
final class EnterRecipe {
    private static final String NONE = "-";
    private static final String NO_ACCOUNT = "-1";

    private final EnterRequest request;
    private final EnterFacts facts;
    private final List<Op> ops = new ArrayList<>();
    private final Map<NamespaceKind, String> entered = new EnumMap<>(NamespaceKind.class);
    /** For a namespace of any kind. */
    private final List<String> others = new ArrayList<>();

    private int slots;
    private String process = NONE;
    private String pidfd = NONE;

    private EnterRecipe(EnterRequest request, EnterFacts facts) {
        this.request = request;
        this.facts = facts;
    }

    static Recipe plan(EnterRequest request, EnterFacts facts) throws Misuse {
        EnterRecipe planner = new EnterRecipe(request, facts);
        planner.open();
        String root = planner.folder(request.root(), "root");
        String wd = planner.folder(request.wd(), "cwd");
        String cgroup = planner.cgroup();
        planner.trust(cgroup);
        planner.terminal();
        planner.enter();
        planner.place(root, wd, cgroup);
        planner.identity();
        planner.folderInside();
        planner.command();
        return new Recipe(planner.ops);
    }

    private void add(String word, String... arguments) {
        ops.add(Op.of(word, arguments));
    }

    private String slot() {
        return Integer.toString(slots++);
    }

    private void open() throws Misuse {
        Found found = facts.found();
        if (found instanceof Found.Spaces spaces) {
            cameAlong(spaces);
        } else if (found instanceof Found.Held held) {
            pidfd = slot();
            find(Integer.toString(held.pid()), "0");
        } else if (request.target() instanceof Target.Process named) {
            find(named.pid(), named.inode());
        } else if (request.target() instanceof Target.File file) {
            String slot = slot();
            add("open", slot, NONE, file.path(), "ns");
            others.add(slot);
        }
        if (request.followContext()) {
            add("exec-context", process);
        }
        for (NamespaceKind space : NamespaceKind.values()) {
            if (request.spaces().containsKey(space) || request.all() && !process.equals(NONE)) {
                open(space);
            }
        }
        if (request.netSocket().isPresent()) {
            String net = entered.computeIfAbsent(NamespaceKind.NET, space -> slot());
            add("socket-netns", net, pidfd, request.netSocket().get());
        }
        if (request.userParent()) {
            userParent();
        }
    }

    /** The requested ones, if any were named. */
    private void cameAlong(Found.Spaces spaces) throws Misuse {
        boolean chosen = !request.all() && request.spaces().containsValue("");
        for (NamespaceKind space : spaces.spaces()) {
            String slot = slot();
            if (!chosen || request.spaces().containsKey(space)) {
                entered.put(space, slot);
            }
            // A process outside of views with other namespaces is in the host's already, and needs no intermediate
            // process.
            if (request.target() instanceof Target.Host && space != NamespaceKind.MOUNT) {
                add("skip-own", slot, space.word());
            }
        }
        for (NamespaceKind space : request.spaces().keySet()) {
            if (request.file(space).isEmpty() && !spaces.spaces().contains(space)) {
                throw new Misuse("cannot enter the " + space.option()
                        + " namespace of the view: it has none of its own, and is in the host's");
            }
        }
    }

    private void find(String pid, String inode) {
        process = slot();
        pidfd = pidfd.equals(NONE) ? slot() : pidfd;
        add("process", process, pidfd, pid, inode);
    }

    private void open(NamespaceKind space) {
        String file = request.file(space);
        if (!file.isEmpty()) {
            String slot = entered.computeIfAbsent(space, one -> slot());
            add("open", slot, NONE, file, space.word());
        } else if (!process.equals(NONE)) {
            boolean named = request.spaces().containsKey(space);
            String slot = entered.computeIfAbsent(space, one -> slot());
            add(named ? "open" : "open-if", slot, process, "ns/" + space.word(), space.word());
            if (space == NamespaceKind.USER && !named) {
                add("skip-own", slot, space.word());
            }
        }
    }

    private void userParent() throws Misuse {
        String user = entered.get(NamespaceKind.USER);
        if (user != null) {
            add("parent-of", user, user);
        } else if (entered.isEmpty() && others.isEmpty()) {
            throw new Misuse("--user-parent needs a namespace to be entered");
        } else {
            String of = entered.isEmpty()
                    ? others.get(0)
                    : entered.values().iterator().next();
            entered.put(NamespaceKind.USER, slot());
            add("owner-of", entered.get(NamespaceKind.USER), of);
        }
    }

    /**
     * What a user shows in a private mount namespace must not be taken by root for the machine's files, and the same
     * holds for processes of other users. The daemon made the views.
     */
    private void trust(String cgroup) {
        if (request.trustMounts() || request.asNsenter()) {
            return;
        }
        String user = entered.getOrDefault(NamespaceKind.USER, NONE);
        if (facts.isRoot()) {
            trustMounts(user);
        }
        if (request.takesFromProcess() && !follows()) {
            add("trusted-of", process, user);
        }
        if (facts.isRoot() && !cgroup.equals(NONE) && !follows()) {
            add(
                    "trusted-cgroup",
                    cgroup,
                    facts.become().isPresent()
                            ? Long.toString(facts.become().get().uid())
                            : NO_ACCOUNT,
                    user);
        }
    }

    private void trustMounts(String user) {
        boolean isOurs = facts.found() instanceof Found.Spaces
                && request.file(NamespaceKind.MOUNT).isEmpty();
        String mount = entered.get(NamespaceKind.MOUNT);
        if (mount != null && !isOurs) {
            add("trusted", mount, user);
        }
        for (String other : others) {
            add("trusted", other, user);
        }
    }

    private boolean follows() {
        return request.uid().equals(Optional.of(EnterRequest.FOLLOW));
    }

    /** The user who may have chosen the environment: the one that the command runs as. */
    private String trustedUser() {
        if (request.trustMounts() || request.asNsenter() || follows()) {
            return "any";
        }
        if (facts.become().isPresent()) {
            return Long.toString(facts.become().get().uid());
        }
        return request.preserveCredentials() ? "caller" : "default";
    }

    private String folder(Optional<String> wanted, String ofProcess) {
        if (wanted.isEmpty()) {
            return NONE;
        }
        String slot = slot();
        boolean named = !wanted.get().isEmpty();
        add("open", slot, named ? NONE : process, named ? wanted.get() : ofProcess, "dir");
        return slot;
    }

    private String cgroup() {
        if (!request.joinCgroup()) {
            return NONE;
        }
        String slot = slot();
        add("cgroup-of", slot, process);
        return slot;
    }

    /**
     * A separate terminal for the command if its user must not type into the caller's, and no other file of the caller.
     */
    private void terminal() {
        Optional<Account> become = facts.become();
        boolean isOther =
                become.isPresent() && become.get().uid() != facts.caller().uid() || follows();
        List<String> users = isOther || !facts.isRoot() ? List.of() : userNamespaces();
        boolean apart = !request.asNsenter() && (isOther || !users.isEmpty());
        if (apart) {
            ops.add(Op.ofList("apart", users));
        }
        if (request.terminal() == EnterRequest.Terminal.ALWAYS) {
            ops.add(pty("always", List.of()));
        } else if (request.terminal() == EnterRequest.Terminal.USUAL && apart) {
            ops.add(pty("apart", users));
        }
    }

    /** Possible user namespaces, in which other users are root. */
    private List<String> userNamespaces() {
        List<String> users = new ArrayList<>(others);
        if (entered.containsKey(NamespaceKind.USER)) {
            users.add(entered.get(NamespaceKind.USER));
        }
        return users;
    }

    /** A number in a user namespace belongs to no user who could own a terminal here. */
    private Op pty(String when, List<String> users) {
        boolean isKnown =
                facts.isRoot() && facts.become().isPresent() && userNamespaces().isEmpty();
        List<String> arguments = new ArrayList<>();
        arguments.add(when);
        arguments.add(isKnown ? Long.toString(facts.become().get().uid()) : NO_ACCOUNT);
        arguments.add(Integer.toString(users.size()));
        arguments.addAll(users);
        return new Op("pty", arguments);
    }

    private void enter() {
        List<String> all = new ArrayList<>(entered.values());
        all.addAll(others);
        for (String user : request.preserveCredentials() ? List.<String>of() : userNamespaces()) {
            add("drop-groups", user);
        }
        if (!all.isEmpty()) {
            ops.add(Op.ofList("enter", all));
        }
    }

    private void place(String root, String wd, String cgroup) {
        if (!root.equals(NONE)) {
            add("root", root);
        }
        if (!wd.equals(NONE)) {
            add("wd", wd);
        }
        if (request.environmentOfTarget()) {
            add("environ", process, trustedUser());
        }
        if (request.login()) {
            ops.addAll(Login.environment(Identities.account(facts), facts.term()));
        }
        for (String variable : request.variables()) {
            add("env", variable);
        }
        if (!cgroup.equals(NONE)) {
            add("cgroup", cgroup);
        }
        if (!request.noFork()) {
            add("fork", "pid", "all", "0");
        }
    }

    private void identity() throws Misuse {
        ops.addAll(Identities.ops(request, facts, process));
        if (request.keepCaps()) {
            add("keep-caps-inside");
        }
    }

    /** With the command's ids: the view's user may have put links there, and root's rights would follow them. */
    private void folderInside() {
        if (request.wd().isPresent()) {
            return;
        }
        if (request.wdInside().isPresent()) {
            add("wd-in", request.wdInside().get());
        } else if (request.login()) {
            add("wd-try", Raw.of(Login.home(Identities.account(facts))));
        } else if (request.isOfView() || request.target() instanceof Target.Host) {
            add("wd-stay");
        }
    }

    private void command() {
        if (request.command().isEmpty()) {
            String shell = Login.shell(request, facts);
            ops.add(Op.ofList("argv", List.of("-" + shell.substring(shell.lastIndexOf('/') + 1))));
            add("exec", shell);
        } else {
            ops.add(Op.ofList("argv", request.command()));
            add("exec", request.command().get(0));
        }
    }
}
