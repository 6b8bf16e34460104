// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jns.folders.Expiry.PrivateFolder;
import org.jns.folders.Expiry.State;
import org.jns.folders.Expiry.World;
import org.jns.folders.FolderName.Scope;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RawName;
import org.jns.linux.Room;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;
import org.jns.model.Lifetime;

/**
 * Looks for expired private folders, moves them aside, and removes what was moved aside. Belongs to one thread, in the
 * host's mount namespace. Only the daemon has one, because a base must have only one.
 */
public final class Sweep {
    private static final int CLOSED = 0700;
    private static final String ASIDE = "aside-";
    private static final long HUNDREDTHS = 100;

    private final Syscalls sys;
    private final AbsPath path;
    private final LongSupplier clock;
    private final Supplier<Map<String, Long>> sessions;
    private final TreeRemoval removal;
    private final OwnTime time;
    private final Steadiness steadiness = new Steadiness();

    /**
     * @param path of the base
     * @param clock seconds since 1970
     * @param sessions the open sessions, and the views, with their users
     * @param stopped whether to stop immediately
     */
    public Sweep(
            Syscalls sys,
            AbsPath path,
            LongSupplier clock,
            Supplier<Map<String, Long>> sessions,
            BooleanSupplier stopped) {
        this.sys = sys;
        this.path = path;
        this.clock = clock;
        this.sessions = sessions;
        this.removal = new TreeRemoval(sys, stopped);
        this.time = new OwnTime(sys);
    }

    /**
     * Moves aside the drafts of processes that were killed: in the base, in users' folders, and in those of earlier
     * users of a uid. A folder that cannot be read stays, and the look at that user's folders says why.
     */
    public void tidy() {
        try (Fd base = openBase()) {
            tidy(base, base);
            for (String name : sys.list(base)) {
                if (isUser(name) || name.startsWith(ASIDE)) {
                    tidyUser(base, name);
                }
            }
        }
    }

    private void tidyUser(Fd base, String name) {
        try (Fd own = sys.open(base, name, OpenAs.DIRECTORY)) {
            tidy(base, own);
        } catch (SyscallException e) {
            return;
        }
    }

    private void tidy(Fd base, Fd folder) {
        try (Fd alone = Drafts.again(sys, folder)) {
            List<String> drafts = sys.list(alone).stream()
                    .filter(name -> name.startsWith(Drafts.PREFIX))
                    .toList();
            if (!drafts.isEmpty() && sys.lockAlone(alone)) {
                try (Fd gone = openGone(base)) {
                    drafts.forEach(draft -> moved(alone, draft, gone));
                }
            }
        }
    }

    /**
     * The result of a look at the folders.
     *
     * @param ended in words, each folder that was moved aside
     * @param again users whose folders must be looked at again soon
     * @param failed in words, what could not be looked at, or found out
     */
    public record Result(List<String> ended, Set<Long> again, List<String> failed) {
        Result() {
            this(new ArrayList<>(), new HashSet<>(), new ArrayList<>());
        }
    }

    /** All users with private folders. */
    public List<Long> users() {
        List<Long> users = new ArrayList<>();
        try (Fd base = openBase()) {
            for (String name : sys.list(base)) {
                if (isUser(name)) {
                    users.add(Long.parseLong(name));
                }
            }
        }
        return users;
    }

    private static boolean isUser(String name) {
        return name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 12;
    }

    private Fd openBase() {
        return sys.openFolder(path);
    }

    /**
     * Moves the expired folders of these users aside.
     *
     * @param leaving those of them of whom a session has just ended
     * @param others inodes of mount namespaces that are other users' views, which show none of these folders
     */
    public Result look(Iterable<Long> users, Set<Long> leaving, Set<Long> others) {
        Result result = new Result();
        try (Fd base = openBase()) {
            String boot = sys.boot();
            List<PrivateFolder> candidates = new ArrayList<>();
            for (long uid : users) {
                attempt(uid, result, () -> collect(base, uid, boot, candidates));
            }
            if (!candidates.isEmpty()) {
                // The order matters. A login in the last moment before the first step is new; an earlier one has
                // processes in its view, or is on the list by the end; a later one changes the note, which is noticed
                // when the folder is moved aside.
                long now = clock.getAsLong();
                boolean isSteady = steadiness.look(now, sys.sinceBoot() / HUNDREDTHS);
                long own = ownTime(base, candidates, result);
                InUse inUse = InUse.scan(sys, question(candidates, others), InUse.Except.NOBODY);
                inUse.doubts().forEach(doubt -> result.failed().add(doubt.toString()));
                Map<String, Long> open = sessions.get();
                World world = new World(
                        now, isSteady, own, boot, open.keySet(), new HashSet<>(open.values()), leaving, inUse);
                candidates.forEach(privateFolder ->
                        attempt(privateFolder.uid(), result, () -> judge(base, privateFolder, world, result)));
            }
        }
        return result;
    }

    /** If no folder has a limited lifetime, the time need not be read. */
    private long ownTime(Fd base, List<PrivateFolder> candidates, Result result) {
        if (candidates.stream().noneMatch(i -> i.lifetime()
                .filter(lifetime -> lifetime.kind() == Lifetime.Kind.UNUSED)
                .isPresent())) {
            return 0;
        }
        try {
            return time.pass(base);
        } catch (SyscallException e) {
            result.failed()
                    .add("cannot write down how long the machine has been running: " + e.getMessage()
                            + "; private folders are kept longer than their time");
            return time.now(base);
        }
    }

    private static InUse.Question question(List<PrivateFolder> candidates, Set<Long> others) {
        Set<Long> users = new HashSet<>();
        Set<String> folders = new HashSet<>();
        for (PrivateFolder privateFolder : candidates) {
            users.add(privateFolder.uid());
            folders.add(privateFolder.uid() + "/" + privateFolder.name().folder());
        }
        return InUse.Question.ofFolders(users, folders, others);
    }

    /** An error in one user's folders must not protect those of the others. */
    private void attempt(long uid, Result result, Runnable action) {
        try {
            action.run();
        } catch (SyscallException e) {
            result.again().add(uid);
            result.failed().add("cannot look after private folders of uid " + uid + ": " + e.getMessage());
        }
    }

    /** Adds the folders that may be removed. */
    private void collect(Fd base, long uid, String boot, List<PrivateFolder> candidates) {
        Optional<Fd> there = sys.openIfThere(base, Long.toString(uid));
        if (there.isEmpty()) {
            return;
        }
        try (Fd own = there.get()) {
            for (String file : sys.list(own)) {
                FolderName.parse(file)
                        .flatMap(name -> privateFolder(own, uid, name))
                        .filter(i -> !isOf(boot, i))
                        .ifPresent(candidates::add);
            }
        }
    }

    private static boolean isOf(String boot, PrivateFolder privateFolder) {
        return privateFolder.name().scope() == Scope.BOOT
                && privateFolder.name().of().equals(boot);
    }

    /** Empty if it no longer exists. */
    private Optional<PrivateFolder> privateFolder(Fd own, long uid, FolderName name) {
        try {
            if (name.scope() != Scope.USER) {
                return Optional.of(
                        new PrivateFolder(uid, name, name.lifetime(), sys.times(own, name.folder()), Optional.empty()));
            }
            Syscalls.Times times = sys.times(own, name.note());
            Optional<Lifetime> lifetime = Lifetime.keep(sys.readLink(own, name.note()));
            boolean hasAge = lifetime.isPresent() && lifetime.get().kind() == Lifetime.Kind.UNUSED;
            return Optional.of(new PrivateFolder(
                    uid, name, lifetime, times, hasAge ? LastUse.noted(sys, own, name, times) : Optional.empty()));
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Optional.empty();
        }
    }

    private void judge(Fd base, PrivateFolder privateFolder, World world, Result result) {
        State state = Expiry.of(privateFolder, world);
        if (state == State.USED) {
            use(base, privateFolder, world.own());
        } else if (state == State.ENDED && putAside(base, privateFolder)) {
            result.ended()
                    .add("uid " + privateFolder.uid() + ": "
                            + privateFolder.name().key() + ", kept "
                            + privateFolder.lifetime().orElseThrow().ending());
        } else if (state != State.STAYS) {
            result.again().add(privateFolder.uid());
        }
    }

    private void use(Fd base, PrivateFolder privateFolder, long own) {
        Optional<Fd> there = sys.openIfThere(base, Long.toString(privateFolder.uid()));
        if (there.isPresent()) {
            try (Fd folder = there.get()) {
                LastUse.note(sys, folder, privateFolder.name(), own);
            } catch (SyscallException e) {
                e.unless(Errno.ENOENT);
            }
        }
    }

    /** False if a login came first. A login that comes now waits only until this returns, and makes a new folder. */
    private boolean putAside(Fd base, PrivateFolder privateFolder) {
        Optional<Fd> there = sys.openIfThere(base, Long.toString(privateFolder.uid()));
        if (there.isEmpty()) {
            return false;
        }
        try (Fd own = there.get();
                Fd gone = openGone(base)) {
            if (!sys.lockAlone(own)
                    || !privateFolder(own, privateFolder.uid(), privateFolder.name())
                            .equals(Optional.of(privateFolder))) {
                return false;
            }
            // The folder before its note: if the process is killed in between, a note without a folder remains,
            // which is removed the next time.
            boolean moved = moved(own, privateFolder.name().folder(), gone);
            if (privateFolder.name().scope() == Scope.USER) {
                Tenancy.forget(sys, own, privateFolder.name());
            }
            return moved;
        }
    }

    private Fd openGone(Fd base) {
        Optional<Fd> there = sys.openIfThere(base, TreeRemoval.FOLDER);
        if (there.isPresent()) {
            return there.get();
        }
        sys.makeDirectory(base, TreeRemoval.FOLDER, CLOSED);
        return sys.open(base, TreeRemoval.FOLDER, OpenAs.DIRECTORY);
    }

    private boolean moved(Fd own, String name, Fd gone) {
        try {
            sys.move(own, RawName.of(name), gone, TreeRemoval.unique());
            return true;
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return false;
        }
    }

    /**
     * Removes at most the given number of files of what was moved aside.
     *
     * @return whether there is more
     */
    public boolean remove(int most) {
        try (Fd base = openBase()) {
            return removal.turn(base, most);
        }
    }

    /** The free room in the base's file system. */
    public Room room() {
        try (Fd base = openBase()) {
            return sys.room(base);
        }
    }

    /** What could not be removed. From now on it is tried again. */
    public List<String> complaints() {
        return removal.complaints();
    }
}
