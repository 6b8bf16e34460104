// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.Namespaces;
import org.jns.linux.RequiresMountNamespace;
import org.jns.linux.SyscallException;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.NamespaceKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests pins with the real kernel, on threads that go to the keeper's namespace and end afterwards. */
@RequiresMountNamespace
class PinsTest {
    private static final String ID = "1001.00000000000000aa";

    private final LinuxSyscalls sys = new LinuxSyscalls(LinuxSyscalls.openProc());

    @TempDir
    Path temp;

    private AbsPath state;
    private Fd host;
    private Pins pins;

    private interface Body {
        void run() throws Exception;
    }

    private void onAThread(Body body) throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            body.run();
            return null;
        });
        new Thread(task).start();
        try {
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    @BeforeEach
    void openKeeper() throws Exception {
        state = AbsPath.of(temp.toRealPath().toString());
        Files.createDirectory(temp.resolve("keeper"));
        host = sys.namespaceOfThisThread();
        loadClasses();
        onAThread(() -> pins = Pins.open(sys, state, host));
    }

    /** The keeper has no files to load them from. */
    private void loadClasses() {
        sys.fileSystem(host);
        assertThrows(SyscallException.class, () -> sys.detach("/none"));
    }

    @AfterEach
    void removeKeeper() throws Exception {
        onAThread(() -> {
            sys.leaveSharedFolders();
            pins.remove(sys, pins.all(sys));
            sys.enterMounts(host);
            sys.detach(state + "/keeper/namespace");
            sys.detach(state + "/keeper");
        });
        pins.close();
    }

    private void enterKeeper() {
        sys.leaveSharedFolders();
        try (Fd keeper = sys.open(
                Optional.empty(),
                state + "/keeper/namespace",
                LinuxSyscalls.OpenAs.READ,
                LinuxSyscalls.Walk.NO_LINKS)) {
            sys.enterMounts(keeper);
        }
    }

    private long inode(Fd namespace) {
        return sys.stat(namespace).inode();
    }

    /** Makes a view and pins it; its inode. */
    private long pinned(String id) throws Exception {
        long[] inode = new long[1];
        onAThread(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            try (Fd view = sys.namespaceOfThisThread()) {
                inode[0] = inode(view);
                pins.add(sys, id, Namespaces.only(view));
            }
        });
        return inode[0];
    }

    @Test
    void aViewOutlivesItsThreadAndIsFoundAgain() throws Exception {
        long inode = pinned(ID);
        onAThread(() -> {
            Pins again = Pins.open(sys, state, host);
            assertEquals(List.of(ID), again.all(sys));
            try (Fd view = again.open(sys, ID).orElseThrow()) {
                assertEquals(inode, inode(view));
                assertTrue(sys.fileSystem(view).isNamespace());
            }
            again.close();
        });
    }

    /** Makes a view with new namespaces of these kinds, and pins it. */
    private View pinnedWith(String id, NamespaceKind... kinds) throws Exception {
        View[] view = new View[1];
        onAThread(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            List<Namespaces.Other> others = new ArrayList<>();
            List<View.Namespace> written = new ArrayList<>();
            for (NamespaceKind kind : kinds) {
                Fd file = sys.namespaceOf((int) ProcessHandle.current().pid(), kind)
                        .orElseThrow();
                others.add(new Namespaces.Other(kind, file));
                written.add(new View.Namespace(kind, inode(file)));
            }
            try (Namespaces all = new Namespaces(sys.namespaceOfThisThread(), others)) {
                view[0] = new View(
                        id, "alice", 1001, inode(all.mounts()), "", List.of(), List.of(), List.of(), written, 0);
                pins.add(sys, id, all);
            }
        });
        return view[0];
    }

    @Test
    void allNamespacesOfAViewAreFoundAgain() throws Exception {
        View view = pinnedWith(ID, NamespaceKind.UTS, NamespaceKind.NET, NamespaceKind.PID);
        onAThread(() -> {
            assertEquals(List.of(ID), pins.all(sys));
            try (Namespaces found = pins.openAll(sys, view).orElseThrow()) {
                assertEquals(view.namespace(), inode(found.mounts()));
                assertEquals(
                        List.of(NamespaceKind.UTS, NamespaceKind.NET, NamespaceKind.PID),
                        found.others().stream().map(Namespaces.Other::kind).toList());
                for (int i = 0; i < 3; i++) {
                    assertEquals(
                            view.others().get(i).inode(),
                            inode(found.others().get(i).file()));
                }
            }
            sys.leaveSharedFolders();
            pins.remove(sys, List.of(ID));
            assertEquals(List.of(), pins.all(sys));
            assertEquals(Optional.empty(), pins.openAll(sys, view));
        });
    }

    @Test
    void aViewOfWhichANamespaceIsAnotherOrMissingIsNone() throws Exception {
        View view = pinnedWith(ID, NamespaceKind.UTS, NamespaceKind.NET);
        View another = with(
                view,
                new View.Namespace(NamespaceKind.UTS, view.others().get(0).inode()),
                new View.Namespace(NamespaceKind.NET, 1));
        View more = with(view, view.others().get(0), view.others().get(1), new View.Namespace(NamespaceKind.TIME, 1));
        onAThread(() -> {
            Set<String> before = openFiles();
            assertEquals(Optional.empty(), pins.openAll(sys, another));
            assertEquals(Optional.empty(), pins.openAll(sys, more));
            assertEquals(before, openFiles());
            pins.openAll(sys, view).orElseThrow().close();
        });
    }

    private static View with(View view, View.Namespace... others) {
        return new View(
                view.id(),
                view.user(),
                view.uid(),
                view.namespace(),
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(others),
                0);
    }

    /** The namespaces among them, because other files come and go. */
    private static Set<String> openFiles() throws IOException {
        Set<String> open = new TreeSet<>();
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                if (Files.isSymbolicLink(file)
                        && Files.readSymbolicLink(file).toString().matches("[a-z]+:\\[\\d+]")) {
                    open.add(file + " " + Files.readSymbolicLink(file));
                }
            }
        }
        return open;
    }

    /** Makes a view with a tmpfs on /srv that contains that file, and pins both. */
    private void pinnedWithMemory(String id, String file) throws Exception {
        onAThread(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            try (Fd view = sys.namespaceOfThisThread();
                    Fd memory = sys.fresh("tmpfs", Map.of("mode", "755"), MountFlags.NOSUID)) {
                sys.create(memory, file).close();
                try (Fd onto =
                        sys.open(Optional.empty(), "/srv", LinuxSyscalls.OpenAs.PATH, LinuxSyscalls.Walk.NO_LINKS)) {
                    sys.attach(memory, onto);
                }
                try (Fd copy = sys.cloneTree(memory, false)) {
                    assertEquals(
                            "", pins.add(sys, id, Namespaces.only(view), List.of(new Pins.Part("tmpfs /srv", copy))));
                }
            }
        });
    }

    @Test
    void whatAViewHasInMemoryOutlivesItInAnother() throws Exception {
        String other = "1001.00000000000000bb";
        pinnedWithMemory(ID, "x");
        pinnedWithMemory(other, "y");
        onAThread(() -> {
            sys.unshareMounts();
            sys.makeAllSlave();
            assertEquals(Set.of(ID, other), Set.copyOf(pins.withMemory(sys, 1001)));
            assertEquals(List.of(), pins.withMemory(sys, 1002));
            assertEquals(Set.of(ID, other), Set.copyOf(pins.allWithMemory(sys)));
            List<Optional<Fd>> copies = new ArrayList<>();
            try (Fd here = sys.namespaceOfThisThread()) {
                long before = inode(here);
                assertEquals(
                        "",
                        pins.copy(
                                sys,
                                here,
                                List.of(new Pins.Place(ID, 0), new Pins.Place(ID, 1), new Pins.Place("1001.cc", 0)),
                                copies));
                assertEquals(before, inode(sys.namespaceOfThisThread()));
                assertEquals(
                        List.of(true, false, false),
                        copies.stream().map(Optional::isPresent).toList());
                pins.remove(sys, List.of(ID));
                sys.enterMounts(here);
            }
            assertEquals(List.of(other), pins.withMemory(sys, 1001));
            try (Fd copy = copies.get(0).orElseThrow();
                    Fd onto = sys.open(
                            Optional.empty(), "/srv", LinuxSyscalls.OpenAs.PATH, LinuxSyscalls.Walk.NO_LINKS)) {
                sys.attach(copy, onto);
                assertTrue(sys.fileSystem(copy).flags().has(MountFlags.NOSUID));
                try (Fd folder = sys.open(
                        Optional.empty(), "/srv", LinuxSyscalls.OpenAs.DIRECTORY, LinuxSyscalls.Walk.NO_LINKS)) {
                    assertEquals(List.of("x"), sys.list(folder));
                }
            }
            pins.remove(sys, List.of(other));
            assertEquals(List.of(), pins.allWithMemory(sys));
        });
    }

    /** What remains of a daemon that was killed between making the folder and mounting on it. */
    @Test
    void aFolderWithoutAMountIsNotHandedOnAndCanBeRemoved() throws Exception {
        onAThread(() -> {
            enterKeeper();
            try (Fd folder = sys.open(
                    Optional.empty(), "/memory", LinuxSyscalls.OpenAs.DIRECTORY, LinuxSyscalls.Walk.NO_LINKS)) {
                sys.makeDirectory(folder, "1001", 0700);
                sys.makeDirectory(folder, "1001/" + ID + ".0", 0700);
            }
            List<Optional<Fd>> copies = new ArrayList<>();
            assertEquals("", pins.copy(sys, host, List.of(new Pins.Place(ID, 0)), copies));
            assertEquals(List.of(Optional.empty()), copies);
            assertEquals(List.of(ID), pins.allWithMemory(sys));
            pins.remove(sys, List.of(ID));
            assertEquals(List.of(), pins.allWithMemory(sys));
        });
    }

    /** The earlier daemon may have been of an older version, and its views live. */
    @Test
    void aKeeperOfAnOlderVersionGetsTheFolder() throws Exception {
        pinned(ID);
        onAThread(() -> {
            enterKeeper();
            try (Fd root =
                    sys.open(Optional.empty(), "/", LinuxSyscalls.OpenAs.DIRECTORY, LinuxSyscalls.Walk.NO_LINKS)) {
                sys.removeDirectory(root, "memory");
            }
            sys.enterMounts(host);
            Pins again = Pins.open(sys, state, host);
            assertEquals(List.of(ID), again.all(sys));
            assertEquals(List.of(), again.allWithMemory(sys));
            again.close();
        });
    }

    @Test
    void aPinThatIsRemovedIsGone() throws Exception {
        pinned(ID);
        onAThread(() -> {
            sys.leaveSharedFolders();
            pins.remove(sys, List.of(ID));
            assertEquals(List.of(), pins.all(sys));
            assertEquals(Optional.empty(), pins.open(sys, ID));
            pins.remove(sys, List.of(ID));
        });
    }

    /** What remains of a daemon that was killed between making the file and mounting on it. */
    @Test
    void aFileWithoutAMountIsNoViewAndCanBeRemoved() throws Exception {
        onAThread(() -> {
            enterKeeper();
            try (Fd folder =
                    sys.open(Optional.empty(), "/pins", LinuxSyscalls.OpenAs.DIRECTORY, LinuxSyscalls.Walk.NO_LINKS)) {
                sys.create(folder, ID).close();
            }
            assertEquals(List.of(ID), pins.all(sys));
            assertEquals(Optional.empty(), pins.open(sys, ID));
            pins.remove(sys, List.of(ID));
            assertEquals(List.of(), pins.all(sys));
        });
    }

    @Test
    void theHostGetsTwoMountsOnceWhateverThereIsToPin() throws Exception {
        long before = mountsOfHost();
        for (int i = 0; i < 10; i++) {
            pinned("1." + i);
        }
        onAThread(() -> Pins.open(sys, state, host).close());
        assertEquals(before, mountsOfHost());
        assertEquals(
                2,
                Files.readString(Path.of("/proc/self/mountinfo"))
                        .lines()
                        .filter(line -> line.contains(" " + state + "/keeper"))
                        .count());
    }

    /** If the first mount were shared, the second one would show up in every view. */
    @Test
    void theKeepersMountsPropagateNowhere() throws Exception {
        assertFalse(Files.readString(Path.of("/proc/self/mountinfo"))
                .lines()
                .filter(line -> line.contains(" " + state + "/keeper"))
                .anyMatch(line -> line.contains(" shared:")));
    }

    /** Otherwise the host could not unmount what the keeper shows. */
    @Test
    void theKeeperShowsNothingOfTheHosts() throws Exception {
        onAThread(() -> {
            enterKeeper();
            try (Fd table =
                    sys.open(Optional.empty(), "/proc", LinuxSyscalls.OpenAs.PATH, LinuxSyscalls.Walk.NO_LINKS)) {
                String own = sys.readLink(table, "thread-self") + "/mountinfo";
                try (Fd mounts =
                        sys.open(Optional.of(table), own, LinuxSyscalls.OpenAs.READ, LinuxSyscalls.Walk.NO_LINKS)) {
                    assertTrue(new String(sys.read(mounts, 1 << 20))
                            .matches("\\S+ \\S+ \\S+ / / .*\n\\S+ \\S+ \\S+ / /proc .*\n"));
                }
            }
        });
    }

    private static long mountsOfHost() throws IOException {
        return Files.readString(Path.of("/proc/self/mountinfo")).lines().count();
    }

    @Test
    void theKeeperIsNotTheHosts() throws Exception {
        onAThread(() -> {
            enterKeeper();
            try (Fd own = sys.namespaceOfThisThread()) {
                assertNotEquals(inode(host), inode(own));
            }
        });
    }
}
