// SPDX-License-Identifier: Apache-2.0
package org.jns.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jns.linux.AccountFiles;
import org.jns.linux.NameService;
import org.jns.linux.NotAnswering;
import org.jns.linux.Passwd;
import org.jns.linux.Progress;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.model.Subject;
import org.jns.model.UserName;

/**
 * Finds out which user logs in: one look-up of the name, one of the name that its uid has, and of groups only those
 * that the rules mention. A user database may be on the other side of a network. So root is known from the host's
 * files, and a user in these files is admitted by them if the database does not answer and the rules can be decided all
 * the same.
 *
 * <p>Reasons: docs/decisions/25-user-database.md
 */
public final class Subjects {
    /** No group has this number, so that every service is asked. */
    private static final long NOBODYS_GROUP = 0xfffffffdL;

    private final NameService names;
    private final AccountFiles files;
    private final Progress progress;
    private final AccountsBefore before;
    private final long patience;

    /**
     * @param progress told when the user database is asked
     * @param patience milliseconds to wait for groups; 0: without limit, because another thread watches this one
     */
    public Subjects(NameService names, Syscalls sys, Progress progress, AccountsBefore before, long patience) {
        this.names = names;
        this.files = new AccountFiles(sys);
        this.progress = progress;
        this.before = before;
        this.patience = patience;
    }

    /** For a program that may wait. */
    public Subjects(NameService names, Syscalls sys) {
        this(names, sys, Progress.unwatched(), new AccountsBefore(), 0);
    }

    /** There is no subject for this request; the message gives the reason. */
    public static final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        Unknown(String message) {
            super(message, null, false, false);
        }
    }

    /** The origin of a login, and its rules. */
    private record Login(String user, String service, String tty, Policy policy) {}

    /**
     * Asks the user database, for as long as that takes.
     *
     * @throws Unknown also if the database does not answer and matters
     */
    public Subject of(String user, String service, String tty, Policy policy) throws Unknown {
        Login login = new Login(checked(user), service, tty, policy);
        try {
            Optional<Subject> root = root(login);
            return root.isPresent() ? root.get() : asked(login);
        } catch (NotAnswering e) {
            Optional<Subject> unasked = unasked(user, service, tty, policy);
            return unasked.orElseThrow(() -> new Unknown(cannot(user, e)));
        } catch (IllegalArgumentException e) {
            throw new Unknown(e.getMessage());
        } catch (SyscallException e) {
            throw new Unknown(cannot(user, e));
        } finally {
            progress.done();
        }
    }

    private static String checked(String user) throws Unknown {
        try {
            UserName.check(user);
            return user;
        } catch (IllegalArgumentException e) {
            throw new Unknown(e.getMessage());
        }
    }

    private static String cannot(String user, SyscallException e) {
        return "cannot look up user " + user + ": " + e.getMessage();
    }

    /** The error for a login that has waited too long for the user database. */
    public Unknown notAnswered(String user) {
        return new Unknown("cannot look up user " + user
                + ": the user database does not answer; check the services in nsswitch.conf(5)");
    }

    /**
     * Uses the host's files and earlier answers of the user database.
     *
     * @return empty if that does not decide the rules
     */
    public Optional<Subject> unasked(String user, String service, String tty, Policy policy) throws Unknown {
        Login login = new Login(checked(user), service, tty, policy);
        try {
            Optional<Passwd> entry = files.user(user);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            Optional<String> group = policy.usesGroupVariable()
                    ? files.groupName(entry.get().gid())
                    : number(entry.get().gid());
            Optional<Passwd> first = files.user(entry.get().uid());
            if (group.isEmpty() || first.isEmpty()) {
                return Optional.empty();
            }
            Account account = new Account(entry.get(), first.get().name(), group.get());
            Subject subject = recalled(login, account);
            return policy.undecided(subject).isPresent() ? Optional.empty() : Optional.of(subject);
        } catch (IllegalArgumentException e) {
            throw new Unknown(e.getMessage());
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    /** With the current groups from the host's files, and those that a service had at an earlier login. */
    private Subject recalled(Login login, Account account) {
        Passwd entry = account.entry();
        Optional<AccountsBefore.Groups> earlier = before.groupsOf(entry.name(), entry.uid());
        if (earlier.isEmpty()) {
            return bare(login, account);
        }
        List<Long> ids = files.groupsOf(entry.name(), entry.gid()).ids();
        Set<String> found = new HashSet<>();
        Set<String> unasked = new HashSet<>(login.policy().unknownGroups());
        unasked.add(Subject.ALL_GROUPS);
        recall(login.policy(), earlier.get(), ids, found, unasked);
        return subject(login, account, ids, found, unasked);
    }

    /** Removes the remembered groups from the unknown ones. A group that is in the host's files by now stays. */
    private void recall(
            Policy policy, AccountsBefore.Groups earlier, List<Long> ids, Set<String> found, Set<String> unasked) {
        boolean all = unasked.remove(Subject.ALL_GROUPS);
        for (Long id : earlier.ids()) {
            String name = policy.groups().get(id);
            boolean isWanted = all || name != null && unasked.contains(name);
            if (isWanted && !ids.contains(id) && files.groupName(id).isEmpty()) {
                ids.add(id);
            }
        }
        for (String name : policy.groups().values()) {
            unasked.remove(name);
        }
        for (String name : earlier.asked()) {
            if (unasked.remove(name) && earlier.found().contains(name)) {
                found.add(name);
            }
        }
    }

    private static Optional<String> number(long gid) {
        return Optional.of(Long.toString(gid));
    }

    /**
     * The user, without the supplementary groups.
     *
     * @param canonical name of the uid
     * @param group as {@link Subject#group}
     */
    private record Account(Passwd entry, String canonical, String group) {}

    /** Root always gets in, with data from the host alone, whatever hangs or fails. */
    private Optional<Subject> root(Login login) {
        if (!login.policy().isRoot(login.user())) {
            return Optional.empty();
        }
        Optional<Passwd> entry = files.user(login.user());
        if (entry.isEmpty() || entry.get().uid() != 0) {
            return Optional.empty();
        }
        Policy policy = login.policy();
        String group = policy.usesGroupVariable()
                ? files.groupName(entry.get().gid())
                        .orElse(Long.toString(entry.get().gid()))
                : Long.toString(entry.get().gid());
        Account account =
                new Account(entry.get(), files.user(0).map(Passwd::name).orElse(login.user()), group);
        if (!policy.goesByGroups()) {
            return Optional.of(known(login, account, List.of(entry.get().gid()), Set.of()));
        }
        AccountFiles.Groups groups = files.groupsOf(login.user(), entry.get().gid());
        Set<String> unknown = new HashSet<>(policy.unknownGroups());
        unknown.retainAll(groups.names());
        return Optional.of(known(login, account, groups.ids(), unknown));
    }

    private Subject asked(Login login) throws Unknown {
        Policy policy = login.policy();
        progress.at(Progress.USERS);
        Passwd entry = names.user(login.user()).orElseThrow(() -> notThere(login.user()));
        String canonical = canonical(entry);
        String group = policy.usesGroupVariable()
                ? names.groupName(entry.gid()).orElse(Long.toString(entry.gid()))
                : Long.toString(entry.gid());
        Account account = new Account(entry, canonical, group);
        if (!policy.goesByGroups()) {
            return known(login, account, List.of(entry.gid()), Set.of());
        }
        Subject bare = bare(login, account);
        if (policy.isDecided(bare)) {
            return bare;
        }
        return patience == 0 ? withGroups(names, login, account) : withGroupsSoon(login, account);
    }

    /** On a separate thread, which may never return, with separate look-ups. */
    private Subject withGroupsSoon(Login login, Account account) throws Unknown {
        FutureTask<Subject> task = new FutureTask<>(() -> withGroups(new NameService(), login, account));
        Thread asking = new Thread(task, "groups");
        asking.setDaemon(true);
        asking.start();
        try {
            return task.get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return unasked(login.user(), login.service(), login.tty(), login.policy())
                    .orElseThrow(() -> notAnswered(login.user()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * If descriptors or memory have run out, a service that cannot look passes the question on, and the next one finds
     * no user.
     */
    private Unknown notThere(String user) {
        if (files.user(user).isPresent()) {
            return new Unknown("cannot look up user " + user
                    + ": the user database does not find what /etc/passwd has; check nsswitch.conf(5)");
        }
        return new Unknown("there is no user " + user);
    }

    /** All names of a uid are one user to the kernel. */
    private String canonical(Passwd entry) {
        Optional<String> known = before.canonical(entry.name(), entry.uid());
        if (known.isPresent()) {
            return known.get();
        }
        Optional<Passwd> first = names.user(entry.uid());
        String canonical = first.isPresent() && first.get().uid() == entry.uid()
                ? first.get().name()
                : entry.name();
        before.rememberName(entry.name(), entry.uid(), canonical);
        return canonical;
    }

    /** With only the primary group. */
    private static Subject bare(Login login, Account account) {
        return subject(login, account, List.of(account.entry().gid()), Set.of(), Set.of(Subject.ALL_GROUPS));
    }

    private static Subject known(Login login, Account account, List<Long> ids, Set<String> more) {
        return subject(login, account, ids, more, Set.of());
    }

    private static Subject subject(
            Login login, Account account, List<Long> ids, Set<String> more, Set<String> unasked) {
        Policy policy = login.policy();
        Passwd entry = account.entry();
        Set<String> groups = new HashSet<>(more);
        for (Long id : ids) {
            String name = policy.groups().get(id);
            if (name != null) {
                groups.add(name);
            }
        }
        Set<Long> gids = policy.usesGids() ? new HashSet<>(ids) : Set.of(entry.gid());
        return new Subject(
                account.canonical(),
                entry.name(),
                entry.uid(),
                entry.gid(),
                account.group(),
                gids,
                groups,
                entry.home(),
                entry.shell(),
                login.service(),
                login.tty(),
                unasked);
    }

    private Subject withGroups(NameService asked, Login login, Account account) {
        Passwd entry = account.entry();
        List<Long> ids = new ArrayList<>(asked.groupsOf(entry.name(), entry.gid()));
        Set<String> found = new HashSet<>();
        Set<String> unasked = new HashSet<>();
        // A group that was added after the rules were read: rare, but it must not wait for a reload.
        for (String name : login.policy().unknownGroups()) {
            ask(asked, name, ids, found, unasked);
        }
        verify(asked, login.policy(), ids, unasked);
        if (unasked.isEmpty()) {
            before.rememberGroups(
                    entry.name(),
                    entry.uid(),
                    ofServices(login.policy(), entry, ids),
                    Set.copyOf(login.policy().unknownGroups()),
                    found);
            return subject(login, account, ids, found, Set.of());
        }
        Optional<AccountsBefore.Groups> earlier = before.groupsOf(entry.name(), entry.uid());
        if (earlier.isPresent()) {
            recall(login.policy(), earlier.get(), ids, found, unasked);
        }
        return subject(login, account, ids, found, unasked);
    }

    /** The groups that are not in the host's files, as far as is known: they are read only if any number may matter. */
    private List<Long> ofServices(Policy policy, Passwd entry, List<Long> ids) {
        List<Long> rest = new ArrayList<>();
        List<Long> local =
                policy.usesGids() ? files.groupsOf(entry.name(), entry.gid()).ids() : List.of(entry.gid());
        for (Long id : ids) {
            String name = policy.groups().get(id);
            boolean isLocal =
                    local.contains(id) || name != null && !policy.remote().contains(name);
            if (!isLocal) {
                rest.add(id);
            }
        }
        return rest;
    }

    private static void ask(NameService asked, String group, List<Long> ids, Set<String> found, Set<String> unasked) {
        try {
            asked.groupId(group).ifPresent(id -> {
                if (ids.contains(id)) {
                    found.add(group);
                }
            });
        } catch (SyscallException e) {
            unasked.add(group);
        }
    }

    /**
     * getgrouplist(3) returns no error if a service does not answer, and leaves its groups out. So if none of that
     * service's groups are in the result, it is asked for one.
     */
    private static void verify(NameService asked, Policy policy, List<Long> ids, Set<String> unasked) {
        if (policy.usesGids()) {
            try {
                asked.groupName(NOBODYS_GROUP);
            } catch (SyscallException e) {
                unasked.add(Subject.ALL_GROUPS);
            }
        }
        for (Long id : policy.groups().keySet()) {
            String name = policy.groups().get(id);
            if (policy.remote().contains(name) && !ids.contains(id)) {
                try {
                    asked.groupId(name);
                } catch (SyscallException e) {
                    unasked.add(name);
                }
            }
        }
    }
}
