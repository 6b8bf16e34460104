// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.config.Settings;
import org.jns.config.TrustedFiles;
import org.jns.frontend.Front;
import org.jns.frontend.RecipeChannel;
import org.jns.frontend.Response;
import org.jns.jnsenter.EnterFacts.Found;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.linux.Fd;
import org.jns.linux.NameService;
import org.jns.linux.Namespaces;
import org.jns.linux.Sockets;
import org.jns.linux.Syscalls;
import org.jns.model.AbsPath;
import org.jns.model.NamespaceKind;
import org.jns.recipe.Invocation;
import org.jns.recipe.Recipe;
import org.jns.state.View;

/**
 * {@code jnsenter}: turns a command line into a recipe. It runs with the rights of its caller: in the resident daemon
 * for root, in a separate JVM for others.
 */
public final class JnsEnter {
    private final Syscalls sys;
    private final Fd proc;
    private final Accounts accounts;
    private final ViewLookup views;

    /** @param proc the host's /proc */
    public JnsEnter(Syscalls sys, Fd proc, NameService names, ViewLookup views) {
        this.sys = sys;
        this.proc = proc;
        this.accounts = new Accounts(names);
        this.views = views;
    }

    /**
     * An answer.
     *
     * @param view the view that is entered
     */
    public record Answered(Response response, Optional<View> view) {
        private static Answered of(Response response) {
            return new Answered(response, Optional.empty());
        }
    }

    /** In a separate JVM. */
    public static void main(String[] args) {
        Front.serve("jnsenter", (tools, asked) -> {
            Settings settings;
            try {
                settings = Settings.load(new TrustedFiles(tools.sys(), false));
            } catch (Settings.Unusable e) {
                return new Response.Refuse("cannot use the settings: " + e.getMessage());
            }
            ViewLookup views = new RecordedViewLookup(tools.sys(), settings.state());
            return new JnsEnter(tools.sys(), tools.proc(), new NameService(), views)
                    .answer(asked.invocation(), asked.caller().uid())
                    .response();
        });
    }

    /** Answers some command lines, so that a JVM that makes its archive has loaded the required classes. */
    public static void rehearse(Syscalls sys, Fd proc, AbsPath state) {
        JnsEnter jnsenter = new JnsEnter(sys, proc, new NameService(), new RecordedViewLookup(sys, state));
        Sockets sockets = new Sockets();
        for (List<String> arguments : List.of(
                List.of("-t", "1", "-m", "-u", "-w", "true"),
                List.of("/", "-S", "root", "-G", "0", "--login", "--env", "A=b"),
                List.of("unit:-", "-a"),
                List.of("/no-user/", "--nonsense"),
                List.of("session:-", "true"),
                List.of("-", "true"))) {
            Sockets.Pair pair = sockets.pair();
            new RecipeChannel(sys, sockets)
                    .answer(
                            pair.one(),
                            jnsenter.answer(new Invocation("jnsenter", arguments, List.of("SHELL=/bin/sh")), 0)
                                    .response());
            pair.one().close();
            pair.other().close();
        }
    }

    /**
     * @param uid of the caller
     * @throws org.jns.linux.SyscallException if the kernel or the user database does not answer
     */
    public Answered answer(Invocation invocation, long uid) {
        try {
            EnterOptions.Read read = EnterOptions.read(
                    invocation.arguments(), invocation.program().equals("nsenter"));
            if (read.request().isEmpty()) {
                return Answered.of(Response.of(Recipe.print(read.version() ? Help.version() : Help.text(), 0)));
            }
            return answer(
                    read.request().get(), invocation, caller(read.request().get(), uid));
        } catch (Misuse e) {
            return Answered.of(new Response.Refuse(
                    e.getMessage() + (e.getMessage().indexOf(';') < 0 ? "; see jnsenter --help" : "")));
        }
    }

    /** For root with a command the number suffices, and a look-up would take longer than everything else. */
    private Account caller(EnterRequest request, long uid) {
        boolean isLookedUp = uid != 0 || request.command().isEmpty() || request.login();
        return isLookedUp ? accounts.numbered(uid) : Accounts.unnamed(uid);
    }

    private Answered answer(EnterRequest request, Invocation invocation, Account caller) throws Misuse {
        if (caller.uid() != 0
                && (request.isOfView()
                        || request.target() instanceof Target.Unit
                        || request.target() instanceof Target.Host)) {
            Optional<String> shell = invocation.variable("SHELL");
            EnterFacts facts = new EnterFacts(
                    caller,
                    new Found.Nothing(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    shell,
                    invocation.variable("TERM"));
            return Answered.of(Response.of(Guest.recipe(request, facts)));
        }
        List<Fd> files = new ArrayList<>();
        try {
            Optional<View> view =
                    request.isOfView() ? Optional.of(new Choice(views).of(request.target())) : Optional.empty();
            Optional<Account> become = become(request, view);
            boolean names = request.gid().isPresent() && !request.gid().get().equals(EnterRequest.FOLLOW);
            OptionalLong gid =
                    names ? OptionalLong.of(accounts.group(request.gid().get())) : OptionalLong.empty();
            Found found = find(request, view, files);
            EnterFacts facts = new EnterFacts(
                    caller, found, become, gid, invocation.variable("SHELL"), invocation.variable("TERM"));
            Response response = new Response.Do(EnterRecipe.plan(request, facts), files);
            files = List.of();
            return new Answered(response, view);
        } catch (Choice.Several e) {
            return Answered.of(
                    Response.of(Recipe.print(invocation.program() + ": " + e.getMessage(), Help.OUR_FAILURE)));
        } finally {
            files.forEach(Fd::close);
        }
    }

    private Optional<Account> become(EnterRequest request, Optional<View> view) throws Misuse {
        if (request.uid().isPresent() && !request.uid().get().equals(EnterRequest.FOLLOW)) {
            return Optional.of(
                    accounts.of(request.uid().get(), request.wants(NamespaceKind.USER) || request.userParent()));
        }
        return request.login() && request.uid().isEmpty() && view.isPresent()
                ? Optional.of(accounts.named(view.get().user()))
                : Optional.empty();
    }

    private Found find(EnterRequest request, Optional<View> view, List<Fd> files) throws Misuse {
        if (view.isPresent()) {
            Optional<Namespaces> namespaces = views.open(view.get());
            if (namespaces.isEmpty()) {
                throw new Misuse("cannot enter the view of " + view.get().user()
                        + ": its pin is gone; a login makes another view");
            }
            files.addAll(namespaces.get().all());
            List<NamespaceKind> spaces = new ArrayList<>();
            spaces.add(NamespaceKind.MOUNT);
            for (Namespaces.Other other : namespaces.get().others()) {
                spaces.add(other.kind());
            }
            return new Found.Spaces(spaces);
        }
        if (request.target() instanceof Target.Host) {
            return new Found.Spaces(ofHost(files));
        }
        if (request.target() instanceof Target.Unit unit) {
            Optional<Units.Main> main = new Units(sys, proc).main(unit.name());
            if (main.isEmpty()) {
                throw new Misuse("cannot enter unit " + unit.name() + ": nothing runs in it; look at: systemctl status "
                        + unit.name());
            }
            files.add(main.get().handle());
            return new Found.Held(main.get().pid());
        }
        return new Found.Nothing();
    }

    /** All except the PID namespace, which no process leaves, setns(2). */
    private List<NamespaceKind> ofHost(List<Fd> files) {
        List<NamespaceKind> spaces = new ArrayList<>();
        files.add(sys.namespaceOfInit());
        spaces.add(NamespaceKind.MOUNT);
        for (NamespaceKind kind : NamespaceKind.VIEW_KINDS) {
            Optional<Fd> namespace = kind == NamespaceKind.PID ? Optional.empty() : sys.namespaceOf(1, kind);
            if (namespace.isPresent()) {
                files.add(namespace.get());
                spaces.add(kind);
            }
        }
        return spaces;
    }
}
