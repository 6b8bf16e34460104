// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jns.jnsd.login.Served;
import org.jns.linux.Fd;
import org.jns.linux.RequiresMountNamespace;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests that a login thread loads no class: in a view that hides the class's files its initialiser would fail, and the
 * class would be broken for the whole process. Starts the daemon in a separate JVM that records each loaded class with
 * the thread's number.
 */
@RequiresMountNamespace
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadedClassesTest {
    private static final Path RULES = Path.of("/etc/jns/rules.d");
    private static final Path SOCKET = Path.of("/run/jns/jnsd.sock");
    private static final Path INSTANCES = Path.of("/var/lib/jns");
    private static final Path STAGE = Path.of("/srv/loaded-classes");

    private static final int NOBODY = 65534;

    private final Sockets sockets = new Sockets();
    private final List<Fd> leases = new ArrayList<>();
    private Process daemon;
    private Path log;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(RULES);
        Files.createDirectories(Path.of("/var/lib"));
        for (String name : List.of(
                "private",
                "source",
                "bound",
                "tmpfs",
                "hidden",
                "readonly",
                "over",
                "kept",
                "proc",
                "skel/folder",
                "private/through",
                "logout",
                "boot",
                "session",
                "volume")) {
            Files.createDirectories(STAGE.resolve(name));
        }
        Files.writeString(STAGE.resolve("file"), "");
        Files.writeString(STAGE.resolve("skel/folder/file"), "text");
        Files.createSymbolicLink(STAGE.resolve("skel/link"), Path.of("folder"));
        // The view's files are an overlay, and the changes of another overlay cannot be kept on one.
        Files.createDirectories(INSTANCES);
        assertEquals(
                0,
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "mode=700", "instances", INSTANCES.toString())
                        .start()
                        .waitFor());
        Files.createSymbolicLink(STAGE.resolve("link"), Path.of("source"));
        Files.writeString(RULES.resolve("x.conf"), rules());
        log = STAGE.resolve("classes.log");
        Files.setAttribute(STAGE.resolve("volume"), "unix:uid", NOBODY);
        install("jns-spaces");
        install("jns-volume");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        daemon = new ProcessBuilder(
                        java,
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Djnr.ffi.asm.enabled=false",
                        "-Xlog:class+load:file=" + log + ":tid",
                        "-cp",
                        classPath,
                        "org.jns.Main",
                        "jnsd")
                .redirectErrorStream(true)
                .redirectOutput(STAGE.resolve("out").toFile())
                .start();
        while (!Files.exists(SOCKET)) {
            assertTrue(daemon.isAlive(), "jnsd does not start: " + Files.readString(STAGE.resolve("out")));
            Thread.sleep(20);
        }
    }

    @AfterEach
    void stop() throws Exception {
        leases.forEach(Fd::close);
        daemon.destroy();
        daemon.waitFor();
        assertEquals(
                0,
                new ProcessBuilder("umount", "-l", INSTANCES.toString()).start().waitFor());
        for (Path top : List.of(STAGE, Path.of("/etc/jns"))) {
            try (var paths = Files.walk(top)) {
                for (Path path :
                        paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Whether the C program is built: without it, such logins are refused, and also load no class. */
    private static final boolean SPACES_BUILT = Files.exists(Path.of("pam-shim/build/jns-spaces"));

    private static final boolean VOLUMES_WORK =
            Files.exists(Path.of("pam-shim/build/jns-volume")) && Files.exists(Path.of("/usr/bin/bindfs"));

    private static void install(String program) throws IOException {
        Path built = Path.of("pam-shim/build", program);
        if (Files.exists(built)) {
            Files.createDirectories(Path.of("/usr/lib/jns"));
            Files.copy(
                    built,
                    Path.of("/usr/lib/jns", program),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static String rules() {
        return """
                [private]
                action = private
                target = STAGE/private, /tmp
                only = service:sshd, service:hostile, service:clash
                except = group:daemon, uid:5000-6000
                [inside]
                action = tmpfs
                target = STAGE/private/a/b
                options = size=4K,nr_inodes=20,mode=0700,uid=${uid}
                only = service:sshd
                [bind]
                action = bind
                source = STAGE/link
                target = STAGE/bound, STAGE/private/c
                options = ro,nosuid
                only = service:sshd
                [bind-file]
                action = bind
                source = STAGE/file
                target = STAGE/private/f
                only = service:sshd
                [tmpfs]
                action = tmpfs
                target = STAGE/tmpfs
                only = service:sshd
                [logout]
                action = private
                target = STAGE/logout
                keep = logout
                only = service:sshd
                [boot]
                action = private
                target = STAGE/boot
                keep = boot
                only = service:sshd
                [session]
                action = private
                target = STAGE/session
                per = session
                only = service:sshd
                [hide]
                action = hide
                target = STAGE/hidden, STAGE/file
                only = service:sshd
                [readonly]
                action = readonly
                target = STAGE/readonly
                only = service:sshd
                [over]
                action = overlay
                lower = STAGE/source
                target = STAGE/over
                upper = discard
                only = service:sshd
                [kept]
                action = overlay
                target = STAGE/kept
                upper = keep
                only = service:sshd
                [fresh-proc]
                action = proc
                target = STAGE/proc
                options = hidepid=invisible, subset=pid
                only = service:sshd
                [skel]
                action = private
                target = STAGE/${user}
                create = 0700:${user}
                skel = STAGE/skel
                only = service:sshd
                [through]
                action = passthrough
                target = STAGE/private/through, STAGE/private/nothing
                required = no
                only = service:sshd
                [clash]
                action = bind
                source = STAGE/file
                target = STAGE/private/c
                only = service:clash
                [everything]
                action = tmpfs
                target = /usr, /etc, /proc, /srv
                only = service:hostile
                [spaces]
                action = isolate
                isolate = ipc, uts, net, pid, cgroup, time
                hostname = sandbox
                only = service:spaces, service:few
                share = none
                [on-proc]
                action = hide
                target = /proc/version, STAGE/private
                only = service:spaces
                [few]
                action = proc
                target = STAGE/proc
                only = service:few
                [volume]
                action = fuse
                program = /usr/bin/bindfs
                arguments = --no-allow-other, STAGE/source, {target}
                target = STAGE/volume
                only = service:volume, service:late-hook
                [late-hook]
                action = run
                program = /bin/false
                only = service:late-hook
                [locked]
                action = encfs
                source = STAGE/source
                target = STAGE/volume
                only = service:locked
                [left-out]
                action = gocryptfs
                source = STAGE/source
                target = STAGE/volume
                only = service:left-out
                without-password = skip
                [hand-tmpfs]
                action = tmpfs
                target = STAGE/tmpfs
                only = service:hand
                [hand-over]
                action = overlay
                lower = STAGE/source
                target = STAGE/over
                upper = discard
                only = service:hand
                [refused]
                action = bind
                source = STAGE/nothing/here
                target = STAGE/bound
                only = service:refused
                """
                .replace("uid=${uid}", "uid=0")
                .replace("STAGE", STAGE.toString());
    }

    private Reply ask(Request request) throws Exception {
        Fd connection = sockets.connect(SOCKET.toString());
        leases.add(connection);
        sockets.send(connection, Codec.encode(request), Optional.empty());
        try {
            return Codec.decodeReply(
                    sockets.receive(connection, Codec.MAX_PACKET, 10_000).orElseThrow());
        } catch (SyscallException e) {
            // A grant comes with a descriptor, which this receive refuses.
            return new Reply.Granted("0123456789abcdef", "");
        }
    }

    private void login(Class<? extends Reply> expected, String user, String service) throws Exception {
        Reply reply = ask(new Request.Open(user, service, "pts/0"));
        assertEquals(expected, reply.getClass(), user + " by " + service + ": " + reply);
    }

    private void loginsOfEveryKind() throws Exception {
        login(Reply.Granted.class, "nobody", "sshd");
        login(Reply.Granted.class, "nobody", "sshd");
        login(Reply.Granted.class, "root", "sshd");
        login(Reply.Granted.class, "nobody", "hostile");
        for (String service : List.of("spaces", "few", "spaces")) {
            login(SPACES_BUILT ? Reply.Granted.class : Reply.Refused.class, "nobody", service);
        }
        login(VOLUMES_WORK ? Reply.Granted.class : Reply.Refused.class, "nobody", "volume");
        login(Reply.Refused.class, "nobody", "late-hook");
        login(Reply.Refused.class, "nobody", "locked");
        login(Reply.Granted.class, "nobody", "left-out");
        // Fails half-way: the folder that the first login made there cannot become a file.
        login(Reply.Refused.class, "nobody", "clash");
        login(Reply.NotIsolated.class, "nobody", "cron");
        login(Reply.NotIsolated.class, "daemon", "cron");
        login(Reply.Refused.class, "nobody", "refused");
        login(Reply.NotIsolated.class, "root", "refused");
        login(Reply.Refused.class, "no-such-user", "sshd");
        login(Reply.Refused.class, "../../etc", "sshd");
        login(Reply.Refused.class, "x".repeat(300), "sshd");
        Path tmp = STAGE.resolve("bound");
        Files.delete(tmp);
        login(Reply.Refused.class, "nobody", "sshd");
        Files.createSymbolicLink(tmp, Path.of("bound"));
        login(Reply.Refused.class, "nobody", "sshd");
        Files.delete(tmp);
        Files.createDirectory(tmp);
        try (Fd rubbish = sockets.connect(SOCKET.toString())) {
            sockets.send(rubbish, new byte[] {1, 2, 3}, Optional.empty());
            assertTrue(sockets.receive(rubbish, 10, 10_000).isEmpty());
        }
        try (Fd gone = sockets.connect(SOCKET.toString())) {
            sockets.send(gone, Codec.encode(new Request.Open("nobody", "sshd", "")), Optional.empty());
        }
        passwordWith(new Request.Open("nobody", "sshd", ""));
        passwordWith(new Request.Reload());
        try (Fd silent = sockets.connect(SOCKET.toString())) {
            assertTrue(sockets.receive(silent, 10, 10_000).isEmpty());
        }
        login(Reply.Granted.class, "nobody", "sshd");
    }

    private void passwordWith(Request request) {
        Sockets.Pair pipe = sockets.pipe();
        pipe.other().close();
        Fd connection = sockets.connect(SOCKET.toString());
        leases.add(connection);
        try (Fd password = pipe.one()) {
            sockets.send(connection, Codec.encode(request), Optional.of(password));
        }
        boolean answered = sockets.receiveWithDescriptor(connection, Codec.MAX_PACKET, 10_000)
                .isPresent();
        assertEquals(request instanceof Request.Open, answered);
    }

    @Test
    void noLoginThreadLoadsAClass() throws Exception {
        int before = settled();
        assertTrue(before > 500, "only " + before + " classes were loaded at the start");
        for (Class<?> left : Served.class.getPermittedSubclasses()) {
            assertTrue(
                    lines().stream().anyMatch(line -> line.contains(" " + left.getName() + " ")),
                    left + " is rehearsed");
        }
        loginsOfEveryKind();
        noneSince(before);
    }

    /** The older view's tmpfs is copied from the keeper, which has no files to load a class from. */
    @Test
    void noLoginThreadLoadsAClassToHandSomethingOn() throws Exception {
        settled();
        login(Reply.Granted.class, "nobody", "hand");
        Files.writeString(
                RULES.resolve("y.conf"), "[more]\naction = hide\ntarget = " + STAGE + "/hidden\nonly = user:nobody\n");
        int before = settled();
        login(Reply.Granted.class, "nobody", "hand");
        noneSince(before);
    }

    private void noneSince(int before) throws IOException {
        String main = mainThread();
        String cleaner = threadNamed("cleaner");
        String watch = threadNamed("watch");
        List<String> late = new ArrayList<>();
        for (String line : lines().subList(before, lines().size())) {
            // The main thread logs, ends sessions and reloads. It never leaves the host's view, nor does the thread
            // that watches the logins, which has no work unless one is slow. The cleaner leaves it only to unpin.
            if (!line.startsWith("[" + main + "]")
                    && !line.startsWith("[" + cleaner + "]")
                    && !line.startsWith("[" + watch + "]")) {
                late.add(line);
            }
        }
        assertEquals("", String.join("\n", late), "loaded by a thread that may be in a user's view; main is " + main);
    }

    /** The number of classes when all threads wait. */
    private int settled() throws Exception {
        ask(new Request.Reload());
        int before = -1;
        while (before != lines().size()) {
            before = lines().size();
            Thread.sleep(500);
        }
        return before;
    }

    /** The JVM pads short thread numbers with blanks. */
    private List<String> lines() throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.replaceFirst("^\\[(\\d+) +\\]", "[$1]"))
                .toList();
    }

    private String threadNamed(String name) throws IOException {
        try (var threads = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).strip().equals(name)) {
                    return thread.getFileName().toString();
                }
            }
        }
        throw new AssertionError("there is no thread " + name);
    }

    /** The JVM's first thread waits for the one that runs main, which is the second. */
    private String mainThread() throws IOException {
        return lines().stream()
                .filter(line -> line.contains(" org.jns.jnsd.Daemon "))
                .findFirst()
                .orElseThrow()
                .replaceFirst("^\\[(\\d+)\\].*", "$1");
    }
}
