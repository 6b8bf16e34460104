// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.sys.Errno;
import org.jns.sys.Fd;
import org.jns.sys.SyscallException;
import org.jns.sys.Syscalls;
import org.jns.sys.Syscalls.OpenAs;
import org.jns.sys.Syscalls.Walk;

/**
 * What keeps views alive while nobody is in them: a mount of each on a file of its own, in a mount namespace of jns's that shows nothing
 * else, the keeper. It alone is pinned in the host's. So the host's mount table stays as it is, however many views there are, and each
 * login copies that one.
 */
public final class Pins implements AutoCloseable {
    private static final String KEEPER = "namespace";
    private static final String LOCK = "lock";
    private static final String FOLDER = "pins";
    private static final String PATH = "/" + FOLDER;

    private final Fd keeper;
    /** Of the keeper's: what is in it can be reached from everywhere by this descriptor, and mounted on from within alone. */
    private final Fd folder;
    private final Fd hostNamespace;

    private Pins(Fd keeper, Fd folder, Fd hostNamespace) {
        this.keeper = keeper;
        this.folder = folder;
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
        try (Fd lock = lock(sys, state)) {
            sys.lock(lock);
            try (Fd around = privateFolder(sys, keeper(state))) {
                Optional<Fd> there = pinned(sys, around, KEEPER);
                Fd keeper = there.isPresent() ? there.get() : make(sys, around, hostNamespace);
                sys.enterMounts(keeper);
                Fd folder = sys.open(Optional.empty(), PATH, OpenAs.DIRECTORY, Walk.NO_LINKS);
                sys.enterMounts(hostNamespace);
                return new Pins(keeper, folder, hostNamespace);
            }
        }
    }

    private static Fd lock(Syscalls sys, AbsPath state) {
        try (Fd around = sys.open(Optional.empty(), keeper(state).parent().value(), OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            return StateFile.open(sys, around, KEEPER + "." + LOCK);
        }
    }

    /** On a mount of its own that propagates nowhere: what is mounted below a shared one shows up in every view. */
    private static Fd privateFolder(Syscalls sys, AbsPath path) {
        try (Fd plain = sys.open(Optional.empty(), path.value(), OpenAs.PATH, Walk.NO_LINKS)) {
            if (!sys.isMountRoot(plain)) {
                try (Fd itself = sys.cloneTree(plain, false)) {
                    sys.attach(itself, plain);
                }
            }
        }
        Fd folder = sys.open(Optional.empty(), path.value(), OpenAs.DIRECTORY, Walk.NO_LINKS);
        // Attached to a shared mount it has become shared itself.
        sys.makePrivate(folder, false);
        return folder;
    }

    /** What is pinned there, if anything is. */
    private static Optional<Fd> pinned(Syscalls sys, Fd around, String name) {
        Fd file;
        try {
            file = sys.open(Optional.of(around), name, OpenAs.READ, Walk.NO_LINKS);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
        if (sys.fileSystem(file).isNamespace()) {
            return Optional.of(file);
        }
        file.close();
        return Optional.empty();
    }

    private static Fd make(Syscalls sys, Fd folder, Fd hostNamespace) {
        sys.beginBare();
        try (Fd root = sys.open(Optional.empty(), "/", OpenAs.DIRECTORY, Walk.NO_LINKS)) {
            sys.makeDirectory(root, FOLDER, 0700);
        }
        Fd keeper = sys.namespaceOfThisThread();
        sys.enterMounts(hostNamespace);
        try (Fd onto = StateFile.open(sys, folder, KEEPER)) {
            sys.pin(keeper, onto);
            return keeper;
        } catch (SyscallException e) {
            keeper.close();
            throw e;
        }
    }

    /**
     * Moves the thread to the keeper and from there to the host's mount namespace. It must have a root and working folder of its own.
     *
     * @param id a view's, that has no pin
     */
    public void add(Syscalls sys, String id, Fd namespace) {
        try (Fd onto = sys.create(folder, id)) {
            sys.enterMounts(keeper);
            try {
                sys.pin(namespace, onto);
            } finally {
                // The keeper has no files to load a class from.
                sys.enterMounts(hostNamespace);
            }
        }
    }

    /**
     * Whoever is in the views stays in them. Those that have no pin are passed over. Moves the thread to the keeper and from there to the
     * host's mount namespace; it must have a root and working folder of its own.
     */
    public void remove(Syscalls sys, Iterable<String> ids) {
        sys.enterMounts(keeper);
        try {
            for (String id : ids) {
                removeHere(sys, id);
            }
        } finally {
            sys.enterMounts(hostNamespace);
        }
    }

    private void removeHere(Syscalls sys, String id) {
        try {
            detach(sys, id);
            sys.remove(folder, id);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    private static void detach(Syscalls sys, String id) {
        try {
            sys.detach(PATH + "/" + id);
        } catch (SyscallException e) {
            // Nothing is mounted there: its maker was killed, or somebody has been at it.
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
    }

    /** The view's mount namespace; empty if it has no pin. */
    public Optional<Fd> open(Syscalls sys, String id) {
        return pinned(sys, folder, id);
    }

    /** The ids of the views that have a pin, or that somebody began to pin. */
    public List<String> all(Syscalls sys) {
        // A folder is read from where it was read last, so this needs a descriptor of its own.
        try (Fd again = sys.open(Optional.of(folder), ".", OpenAs.DIRECTORY, Walk.INSIDE)) {
            return sys.list(again);
        }
    }

    @Override
    public void close() {
        folder.close();
        keeper.close();
    }
}
