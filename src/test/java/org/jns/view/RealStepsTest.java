// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jns.folders.FolderStore;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.linux.RequiresMountNamespace;
import org.jns.model.AbsPath;
import org.jns.model.HidePid;
import org.jns.model.MountFlags;
import org.jns.model.Plan;
import org.jns.model.Propagation;
import org.jns.model.Question;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Carries plans out with the real kernel, each on a separate thread in a separate view. */
@RequiresMountNamespace
class RealStepsTest {
    private static final Ownership OPEN = new Ownership(01777, 0, 0);
    private static final MountFlags NOSUID = MountFlags.NOSUID;
    private static final Path STAGE = Path.of("/srv/real-steps");

    private final Fd proc = LinuxSyscalls.openProc();
    private final List<Fd> namespaces = new ArrayList<>();

    private interface Body {
        void run() throws Exception;
    }

    @BeforeEach
    void prepare() throws Exception {
        for (String name : List.of("state/dir", "lower/sub", "more", "target", "elsewhere")) {
            Files.createDirectories(STAGE.resolve(name));
        }
        Files.createFile(STAGE.resolve("state/file"));
        // The view's files are an overlay, and no changes can be kept on one.
        assertEquals(
                0,
                program(
                        "mount",
                        "-t",
                        "tmpfs",
                        "instances",
                        STAGE.resolve("state").toString()));
        Files.createDirectories(STAGE.resolve("state/hidden/dir"));
        Files.setPosixFilePermissions(STAGE.resolve("state/hidden"), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(STAGE.resolve("lower/f"), "lower");
        Files.writeString(STAGE.resolve("lower/both"), "lower");
        Files.writeString(STAGE.resolve("more/both"), "more");
    }

    @AfterEach
    void clean() throws Exception {
        namespaces.forEach(Fd::close);
        proc.close();
        assertEquals(0, program("umount", "-l", STAGE.resolve("state").toString()));
        assertEquals(0, program("rm", "-r", STAGE.toString()));
    }

    private static int program(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static AbsPath path(String name) {
        return AbsPath.of(STAGE.resolve(name).toString());
    }

    private static Path target(String name) {
        return STAGE.resolve("target").resolve(name);
    }

    private static Step overlay(Optional<String> key, MountFlags flags) {
        return new Step.Overlay(
                Bench.ORIGIN,
                path("target"),
                List.of(path("more"), path("lower")),
                key,
                OPEN,
                OptionalLong.of(1 << 20),
                OptionalLong.empty(),
                flags);
    }

    /** Carries the steps out, and looks at the result from inside. */
    private void session(List<Step> steps, Body look) throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            LinuxSyscalls sys = new LinuxSyscalls(proc);
            Fd host = sys.namespaceOfThisThread();
            sys.unshareMounts();
            sys.makeAllSlave();
            List<Question> questions = new ArrayList<>();
            for (Step step : steps) {
                if (!(step instanceof Step.Create || step instanceof Step.MakeMountPoint)) {
                    questions.add(new Question(step.onto(), true));
                }
                if (step instanceof Step.Overlay overlay) {
                    overlay.lower().forEach(lower -> questions.add(new Question(lower, true)));
                } else if (step instanceof Step.PrivateFolder privateFolder) {
                    privateFolder.skel().ifPresent(skel -> questions.add(new Question(skel, true)));
                } else if (step instanceof Step.PassThrough passThrough) {
                    questions.add(new Question(passThrough.from(), true));
                }
            }
            try (FactsProbe probe = new FactsProbe(sys)) {
                probe.examine(questions);
                FolderStore store = new FolderStore(sys, path("state/instances"), "0123456789abcdef");
                Outcome outcome = PlanExecutor.execute(
                        sys,
                        new Plan(Bench.ALICE, steps),
                        probe,
                        new PlanExecutor.Folders(store, path("state/hidden")));
                assertTrue(outcome instanceof Outcome.Applied, outcome.toString());
                namespaces.add(((Outcome.Applied) outcome).namespace());
            }
            try {
                look.run();
            } finally {
                // ProcessBuilder may have started a thread from this one. The two share their root and working folder,
                // and
                // setns(2) refuses that. One more unshare(2) ends the sharing.
                sys.unshareMounts();
                // A thread that has ended keeps its view for a moment longer.
                sys.enterMounts(host);
                host.close();
            }
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

    /** The mounts of this thread, from the bottom to the top: where, of what type, and how. */
    private static List<String> mountsAt(Path where) throws IOException {
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/mountinfo"))) {
            String[] fields = line.split(" ");
            if (fields[4].equals(where.toString())) {
                found.add(line.replaceFirst(".* - (\\S+) .*", "$1") + " " + fields[5]);
            }
        }
        return found;
    }

    @Test
    void overlayInMemoryIsGoneWithTheSession() throws Exception {
        for (int i = 0; i < 2; i++) {
            session(List.of(overlay(Optional.empty(), NOSUID.plus(MountFlags.NODEV))), () -> {
                assertEquals("lower", Files.readString(target("f")));
                assertEquals("more", Files.readString(target("both")), "the first is topmost");
                assertTrue(Files.isDirectory(target("sub")));
                assertEquals(List.of("overlay rw,nosuid,nodev,relatime"), mountsAt(STAGE.resolve("target")));
                assertEquals(List.of(), mountsAt(STAGE.resolve("state/hidden/dir")));
                assertEquals(01777, (int) Files.getAttribute(STAGE.resolve("target"), "unix:mode") & 07777);
                assertTrue(Files.notExists(target("mine")));
                Files.writeString(target("mine"), "x");
                Files.delete(target("f"));
                assertThrows(
                        IOException.class,
                        () -> Files.write(target("big"), new byte[2 << 20]),
                        "no more than its size");
            });
        }
        assertEquals("lower", Files.readString(STAGE.resolve("lower/f")));
        assertTrue(Files.notExists(target("mine")) && Files.notExists(STAGE.resolve("lower/mine")));
    }

    @Test
    void overlayThatIsKeptIsThereAtTheNextLogin() throws Exception {
        List<Step> steps = List.of(overlay(Optional.of("%overlay-x"), NOSUID));
        session(steps, () -> {
            Files.writeString(target("mine"), "x");
            Files.delete(target("f"));
        });
        closeSessions();
        session(steps, () -> {
            assertEquals("x", Files.readString(target("mine")));
            assertTrue(Files.notExists(target("f")), "what was deleted stays deleted");
        });
        assertEquals("lower", Files.readString(STAGE.resolve("lower/f")));
        assertEquals(List.of("0"), works(), "the first session's folder serves again");
    }

    @Test
    void secondSessionDoesNotTakeTheFirstOnesFolderToWorkIn() throws Exception {
        List<Step> steps = List.of(overlay(Optional.of("%overlay-x"), NOSUID));
        session(steps, () -> {
            session(steps, () -> Files.writeString(target("of-second"), "x"));
            assertEquals(List.of("0", "1"), works());
            // Each of these needs that folder.
            Files.writeString(target("f"), "changed");
            Files.delete(target("both"));
            Files.writeString(target("of-first"), "x");
        });
        closeSessions();
        session(steps, () -> {
            assertEquals("changed", Files.readString(target("f")));
            assertTrue(Files.notExists(target("both")));
            assertTrue(Files.exists(target("of-first")) && Files.exists(target("of-second")));
        });
        assertEquals(List.of("0", "1"), works());
    }

    private void closeSessions() {
        namespaces.forEach(Fd::close);
        namespaces.clear();
    }

    private static List<String> works() throws IOException {
        try (var names = Files.list(STAGE.resolve("state/instances/1000/%overlay-x/work"))) {
            return names.map(name -> name.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void usersOfAnOverlayCannotForgeADeletion() throws Exception {
        session(List.of(overlay(Optional.of("%overlay-x"), MountFlags.NONE)), () -> {
            String[] asAlice = {"setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups", "--inh-caps=-all"};
            assertTrue(run(asAlice, "mknod", target("forged").toString(), "c", "0", "0") != 0);
            assertTrue(
                    run(asAlice, "ls", STAGE.resolve("state/instances").toString()) != 0,
                    "nobody comes to the changes but by the overlay");
            assertEquals(0, run(asAlice, "touch", target("plain").toString()));
        });
    }

    private static int run(String[] first, String... then) throws Exception {
        List<String> command = new ArrayList<>(List.of(first));
        command.addAll(List.of(then));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @ParameterizedTest
    @EnumSource
    void procHidesWhatIsAnothers(HidePid hidePid) throws Exception {
        MountFlags flags = NOSUID.plus(MountFlags.NODEV).plus(MountFlags.NOEXEC);
        session(List.of(new Step.Proc(Bench.ORIGIN, path("target"), Optional.of(hidePid), true, flags)), () -> {
            assertEquals(List.of("proc rw,nosuid,nodev,noexec,relatime"), mountsAt(STAGE.resolve("target")));
            assertTrue(Files.isDirectory(target("self")) && Files.notExists(target("uptime")));
            String line = Files.readAllLines(Path.of("/proc/thread-self/mountinfo")).stream()
                    .filter(l -> l.contains(STAGE + "/target"))
                    .findAny()
                    .orElseThrow();
            assertTrue(line.contains("hidepid=" + hidePid.word()) && line.contains("subset=pid"), line);
        });
    }

    @Test
    void socketIsPassedThroughASessionsOwnFolder() throws Exception {
        Path socket = STAGE.resolve("target/socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            AbsPath onto = path("target/socket");
            session(
                    List.of(
                            new Step.Tmpfs(
                                    Bench.ORIGIN,
                                    path("target"),
                                    OPEN,
                                    OptionalLong.empty(),
                                    OptionalLong.empty(),
                                    MountFlags.NONE),
                            new Step.MakeMountPoint(Bench.ORIGIN, onto, false, new Ownership(0644, 0, 0)),
                            new Step.PassThrough(Bench.ORIGIN, onto, onto, NOSUID, Propagation.SLAVE)),
                    () -> {
                        assertEquals(List.of("tmpfs rw,relatime"), mountsAt(STAGE.resolve("target")));
                        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                            assertTrue(client.isConnected());
                        }
                    });
        }
    }

    /** All homes are hidden, and the user's home is shown again: its parent is read-only, the home is not. */
    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "private", "kept", "discard"})
    void mountPointIsMadeInWhatIsReadOnlyThen(String kind) throws Exception {
        Files.createDirectories(target("own"));
        Files.createDirectories(target("others"));
        MountFlags flags = MountFlags.RO.plus(NOSUID);
        Step around =
                switch (kind) {
                    case "tmpfs" ->
                        new Step.Tmpfs(
                                Bench.ORIGIN, path("target"), OPEN, OptionalLong.empty(), OptionalLong.empty(), flags);
                    case "private" -> new Step.PrivateFolder(Bench.ORIGIN, path("target"), "key", OPEN, flags);
                    default -> overlay(kind.equals("kept") ? Optional.of("%overlay-x") : Optional.empty(), flags);
                };
        List<Step> steps = List.of(
                around,
                new Step.MakeMountPoint(Bench.ORIGIN, path("target/own"), true, new Ownership(0755, 0, 0)),
                new Step.PassThrough(
                        Bench.ORIGIN, path("target/own"), path("target/own"), MountFlags.NONE, Propagation.SLAVE));
        for (int i = 0; i < 2; i++) {
            session(steps, () -> {
                String mount = mountsAt(STAGE.resolve("target")).get(0);
                assertTrue(mount.endsWith(" ro,nosuid,relatime"), mount);
                assertThrows(IOException.class, () -> Files.createFile(target("new")));
                assertTrue(Files.notExists(target("others")));
                Files.writeString(target("own/f"), "x");
            });
        }
        assertEquals("x", Files.readString(target("own/f")));
    }

    @Test
    void targetIsMadeOnTheHostAndSkelIsCopied() throws Exception {
        Files.createDirectories(STAGE.resolve("skel/sub"));
        Files.writeString(STAGE.resolve("skel/sub/f"), "text");
        Files.createSymbolicLink(STAGE.resolve("skel/link"), Path.of("/etc/shadow"));
        AbsPath made = path("made");
        Ownership alices = new Ownership(0750, 1000, 1000);
        session(
                List.of(
                        new Step.Create(Bench.ORIGIN, made, true, alices),
                        new Step.Create(Bench.ORIGIN, path("file"), false, new Ownership(0640, 0, 1000)),
                        new Step.PrivateFolder(
                                Bench.ORIGIN,
                                made,
                                "made",
                                alices,
                                Optional.of(path("skel")),
                                NOSUID,
                                Propagation.PRIVATE)),
                () -> {
                    Path file = STAGE.resolve("made/sub/f");
                    assertEquals("text", Files.readString(file));
                    assertEquals(
                            List.of(1000, 1000),
                            List.of(Files.getAttribute(file, "unix:uid"), Files.getAttribute(file, "unix:gid")));
                    assertEquals(Path.of("/etc/shadow"), Files.readSymbolicLink(STAGE.resolve("made/link")));
                    assertEquals(
                            1000,
                            Files.getAttribute(
                                    STAGE.resolve("made/link"), "unix:uid", java.nio.file.LinkOption.NOFOLLOW_LINKS));
                });
        assertEquals(0750, (int) Files.getAttribute(STAGE.resolve("made"), "unix:mode") & 07777);
        assertEquals(1000, Files.getAttribute(STAGE.resolve("made"), "unix:uid"));
        assertEquals(0640, (int) Files.getAttribute(STAGE.resolve("file"), "unix:mode") & 07777);
        try (var names = Files.list(STAGE.resolve("made"))) {
            assertEquals(List.of(), names.toList(), "the host's is empty");
        }
        assertEquals(0, Files.getAttribute(Path.of("/etc/shadow"), "unix:uid"));
    }
}
