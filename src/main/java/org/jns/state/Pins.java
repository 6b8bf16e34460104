// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Namespaces;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.NamespaceKind;

/**
 * Keeps views alive without a process in them: each is mounted on a file in the keeper, a mount namespace of jns that
 * shows nothing else. Only the keeper is pinned in the host's namespace. So the host's mount table stays the same,
 * however many views there are, and each login copies that table.
 *
 * <p>Reasons: docs/decisions/02-keeper.md
 */
public final class Pins implements AutoCloseable {
    private static final String KEEPER = "namespace";
    private static final String LOCK = "lock";
    private static final String FOLDER = "pins";
    private static final String PATH = "/" + FOLDER;

    private final Fd keeper;
    /**
     * The keeper's folder: this descriptor reaches its files from everywhere, but only from within can anything be
     * mounted on them.
     */
    private final Fd folder;

    private final MemoryPins memory;
    private final Fd hostNamespace;

    /**
     * A tmpfs mount of a view.
     *
     * @param what describes it, as a later view looks for it
     * @param tree a mount that is mounted nowhere; the caller closes it
     */
    public record Part(String what, Fd tree) {}

    /** A {@link Part} of a view, identified by its place in the view's record. */
    public record Place(String view, int number) {}

    private Pins(Fd keeper, Fd folder, MemoryPins memory, Fd hostNamespace) {
        this.keeper = keeper;
        this.folder = folder;
        this.memory = memory;
        this.hostNamespace = hostNamespace;
    }

    /** The folder in which the keeper is pinned. */
    public static AbsPath keeper(AbsPath state) {
        return state.child("keeper");
    }

    /**
     * Finds the keeper, or makes it. The thread must be in the host's mount namespace, and is there again afterwards.
     *
     * @param state the folder of jns's state, with the keeper's folder in it
     * @throws SyscallException if the kernel has no room for it
     */
    public static Pins open(Syscalls sys, AbsPath state, Fd hostNamespace) {
        sys.leaveSharedFolders();
        Fd keeper = findOrMake(sys, state, hostNamespace);
        sys.enterMounts(keeper);
        Fd folder = sys.open(PATH, OpenAs.DIRECTORY);
        Fd memory = openMemory(sys);
        sys.enterMounts(hostNamespace);
        // Not before this point: the keeper has no files to load a class from.
        return new Pins(keeper, folder, new MemoryPins(memory), hostNamespace);
    }

    /** Opens the folder in the keeper. A keeper that an older version has made lacks it. */
    private static Fd openMemory(Syscalls sys) {
        try {
            return sys.open(MemoryPins.PATH, OpenAs.DIRECTORY);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
        try (Fd root = sys.open("/", OpenAs.DIRECTORY)) {
            sys.makeDirectory(root, MemoryPins.FOLDER, 0700);
        } catch (SyscallException e) {
            e.unless(Errno.EEXIST);
        }
        return sys.open(MemoryPins.PATH, OpenAs.DIRECTORY);
    }

    /** Takes no lock if a keeper exists. */
    private static Fd findOrMake(Syscalls sys, AbsPath state, Fd hostNamespace) {
        try (Fd around = sys.openFolder(keeper(state))) {
            Optional<Fd> there = pinned(sys, around, KEEPER);
            if (there.isPresent()) {
                return there.get();
            }
        }
        try (Fd lock = lock(sys, state)) {
            take(sys, lock);
            try (Fd around = privateFolder(sys, keeper(state))) {
                Optional<Fd> there = pinned(sys, around, KEEPER);
                return there.isPresent() ? there.get() : make(sys, around, hostNamespace);
            }
        }
    }

    /**
     * The lock is held for milliseconds. A process that was stopped while it held the lock must not block others: the
     * process that makes a keeper checks again before it pins it.
     */
    private static void take(Syscalls sys, Fd lock) {
        try {
            sys.lock(lock);
        } catch (SyscallException e) {
            e.unless(Errno.EAGAIN);
        }
    }

    private static Fd lock(Syscalls sys, AbsPath state) {
        try (Fd around = sys.openFolder(keeper(state).parent())) {
            return StateFile.open(sys, around, KEEPER + "." + LOCK);
        }
    }

    /**
     * A folder on a separate mount that propagates nowhere: what is mounted below a shared one shows up in every view.
     */
    private static Fd privateFolder(Syscalls sys, AbsPath path) {
        try (Fd plain = sys.open(path.value(), OpenAs.PATH)) {
            if (!sys.isMountRoot(plain)) {
                try (Fd itself = sys.cloneTree(plain, false)) {
                    sys.attach(itself, plain);
                }
            }
        }
        Fd folder = sys.openFolder(path);
        // Attached to a shared mount, it has become shared itself.
        sys.makePrivate(folder, false);
        return folder;
    }

    /** The namespace that is pinned there, if any. */
    private static Optional<Fd> pinned(Syscalls sys, Fd around, String name) {
        Fd file;
        try {
            file = sys.open(Optional.of(around), name, OpenAs.READ, Walk.NO_LINKS);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
            return Optional.empty();
        }
        if (sys.fileSystem(file).isNamespace()) {
            return Optional.of(file);
        }
        file.close();
        return Optional.empty();
    }

    private static Fd make(Syscalls sys, Fd folder, Fd hostNamespace) {
        sys.beginBare();
        try (Fd root = sys.open("/", OpenAs.DIRECTORY)) {
            sys.makeDirectory(root, FOLDER, 0700);
            sys.makeDirectory(root, MemoryPins.FOLDER, 0700);
        }
        Fd keeper = sys.namespaceOfThisThread();
        sys.enterMounts(hostNamespace);
        Optional<Fd> meanwhile = pinned(sys, folder, KEEPER);
        if (meanwhile.isPresent()) {
            keeper.close();
            return meanwhile.get();
        }
        try (Fd onto = StateFile.open(sys, folder, KEEPER)) {
            sys.pin(keeper, onto);
            return keeper;
        } catch (SyscallException e) {
            keeper.close();
            throw e;
        }
    }

    /**
     * Moves the thread to the keeper and from there to the host's mount namespace. The thread must share its root and
     * working folder with no other.
     *
     * @param id of a view without a pin
     * @throws SyscallException if the view still has no pin
     */
    public void add(Syscalls sys, String id, Namespaces namespaces) {
        add(sys, id, namespaces, List.of());
    }

    /**
     * The same with the view's tmpfs mounts.
     *
     * @return why a later view will not share them, or empty
     */
    public String add(Syscalls sys, String id, Namespaces namespaces, List<Part> parts) {
        boolean added = false;
        try {
            String trouble = pinAll(sys, id, namespaces, parts);
            added = true;
            return trouble;
        } finally {
            if (!added) {
                discard(sys, id);
            }
        }
    }

    /** Like {@link #remove}; the next start finds what cannot be removed now. */
    public void discard(Syscalls sys, String id) {
        try {
            remove(sys, List.of(id));
        } catch (SyscallException e) {
            return;
        }
    }

    private String pinAll(Syscalls sys, String id, Namespaces namespaces, List<Part> parts) {
        List<Fd> onto = new ArrayList<>();
        List<Fd> all = namespaces.all();
        List<Fd> folders = new ArrayList<>();
        String trouble = makeFolders(sys, id, parts.size(), folders);
        try {
            onto.add(sys.create(folder, id));
            for (Namespaces.Other other : namespaces.others()) {
                onto.add(sys.create(folder, name(id, other.kind())));
            }
            sys.enterMounts(keeper);
            try {
                for (int i = 0; i < all.size(); i++) {
                    sys.pin(all.get(i), onto.get(i));
                }
                return trouble.isEmpty() ? mountHere(sys, parts, folders) : trouble;
            } finally {
                // The keeper has no files to load a class from.
                sys.enterMounts(hostNamespace);
            }
        } finally {
            closeAll(onto);
            closeAll(folders);
        }
    }

    /** The session needs the view; sharing its parts with later views is optional. */
    private String makeFolders(Syscalls sys, String id, int count, List<Fd> folders) {
        try {
            folders.addAll(memory.makeFolders(sys, id, count));
            return "";
        } catch (SyscallException e) {
            return e.getMessage();
        }
    }

    private static String mountHere(Syscalls sys, List<Part> parts, List<Fd> folders) {
        try {
            for (int i = 0; i < parts.size(); i++) {
                sys.attach(parts.get(i).tree(), folders.get(i));
            }
            return "";
        } catch (SyscallException e) {
            return e.getMessage();
        }
    }

    /**
     * The ids of the user's views with tmpfs mounts to share, in no order. Some may have ended.
     *
     * @throws SyscallException if they cannot be read
     */
    public List<String> withMemory(Syscalls sys, long uid) {
        return memory.ofUser(sys, uid);
    }

    /**
     * Copies tmpfs mounts of older views. Moves the thread to the keeper and back; the thread must share its root and
     * working folder with no other.
     *
     * @param here the mount namespace that the thread is in
     * @param copies gets one for each place, mounted nowhere; empty if it no longer exists. The caller closes them,
     *     whatever happens
     * @return why there are no more, or empty
     * @throws SyscallException if the thread cannot come back
     */
    public String copy(Syscalls sys, Fd here, List<Place> places, List<Optional<Fd>> copies) {
        boolean away = false;
        try {
            sys.enterMounts(keeper);
            away = true;
            for (Place place : places) {
                copies.add(memory.copyHere(sys, place.view(), place.number()));
            }
            return "";
        } catch (SyscallException e) {
            return e.getMessage();
        } finally {
            if (away) {
                sys.enterMounts(here);
            }
        }
    }

    static void closeAll(List<Fd> files) {
        for (Fd file : files) {
            file.close();
        }
    }

    /** The name of the pin of a namespace of another kind, next to that of the view's mounts. */
    private static String name(String id, NamespaceKind kind) {
        return id + "." + kind.word();
    }

    /**
     * Processes in the views stay there. Views without a pin are skipped. Moves the thread to the keeper and from there
     * to the host's mount namespace; the thread must share its root and working folder with no other.
     */
    public void remove(Syscalls sys, Iterable<String> ids) {
        List<String> names = new ArrayList<>();
        for (String id : ids) {
            // The other kinds first: the next start finds a view whose mount namespace has no pin.
            for (NamespaceKind kind : NamespaceKind.VIEW_KINDS) {
                names.add(name(id, kind));
            }
            names.add(id);
        }
        sys.enterMounts(keeper);
        try {
            for (String name : names) {
                removeHere(sys, name);
            }
            for (String id : ids) {
                memory.removeHere(sys, id);
            }
        } finally {
            sys.enterMounts(hostNamespace);
        }
    }

    private void removeHere(Syscalls sys, String name) {
        try {
            detach(sys, PATH + "/" + name);
            sys.remove(folder, name);
        } catch (SyscallException e) {
            e.unless(Errno.ENOENT);
        }
    }

    /** Must be called in the keeper. */
    static void detach(Syscalls sys, String path) {
        try {
            sys.detach(path);
        } catch (SyscallException e) {
            // Nothing is mounted there: its maker was killed, or somebody has unmounted it.
            e.unless(Errno.EINVAL);
        }
    }

    /** The view's mount namespace; empty if it has no pin. */
    public Optional<Fd> open(Syscalls sys, String id) {
        return pinned(sys, folder, id);
    }

    /** All namespaces of the view; empty if one of them has no pin, or is not the recorded one. */
    public Optional<Namespaces> openAll(Syscalls sys, View view) {
        Optional<Fd> mounts = opened(sys, view.id(), view.namespace());
        if (mounts.isEmpty()) {
            return Optional.empty();
        }
        List<Namespaces.Other> others = new ArrayList<>();
        for (View.Namespace other : view.others()) {
            Optional<Fd> file = opened(sys, name(view.id(), other.kind()), other.inode());
            if (file.isEmpty()) {
                new Namespaces(mounts.get(), others).close();
                return Optional.empty();
            }
            others.add(new Namespaces.Other(other.kind(), file.get()));
        }
        return Optional.of(new Namespaces(mounts.get(), others));
    }

    private Optional<Fd> opened(Syscalls sys, String name, long inode) {
        Optional<Fd> file = pinned(sys, folder, name);
        if (file.isPresent() && sys.stat(file.get()).inode() != inode) {
            file.get().close();
            return Optional.empty();
        }
        return file;
    }

    /** The ids of the views with a complete or incomplete pin. */
    public List<String> all(Syscalls sys) {
        Set<String> ids = new LinkedHashSet<>();
        // Reading a folder moves the position of its descriptor, so this needs a separate one.
        try (Fd again = sys.open(folder, ".", OpenAs.DIRECTORY)) {
            for (String name : sys.list(again)) {
                ids.add(idOf(name));
            }
        }
        return List.copyOf(ids);
    }

    /** The ids of the views with kept tmpfs mounts. */
    public List<String> allWithMemory(Syscalls sys) {
        return memory.all(sys);
    }

    private static String idOf(String name) {
        for (NamespaceKind kind : NamespaceKind.VIEW_KINDS) {
            if (name.endsWith("." + kind.word())) {
                return name.substring(0, name.length() - kind.word().length() - 1);
            }
        }
        return name;
    }

    @Override
    public void close() {
        folder.close();
        memory.close();
        keeper.close();
    }
}
