// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.doctor;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jns.doctor.Aside;
import org.jns.doctor.Folder;
import org.jns.doctor.Helper;
import org.jns.doctor.Installation;
import org.jns.doctor.Installation.Archive;
import org.jns.doctor.Machine;
import org.jns.doctor.WaysOut;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.Sight;
import org.jns.jnsctl.requests.DaemonNumbers;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.Room;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;

/** Facts about this machine, for {@code jnsctl doctor}. Read-only. */
final class MachineLook {
    private static final Path HOME = Path.of("/usr/lib/jns");
    private static final Path ARCHIVES = Path.of("/var/cache/jns");
    private static final List<String> PROGRAMS = List.of(
            "/usr/sbin/jnsd",
            "/usr/bin/jnsctl",
            "/usr/lib/jns/launch",
            "/usr/lib/jns/jns-hook",
            "/usr/lib/jns/jns-volume",
            "/usr/lib/jns/jns-spaces",
            "/usr/lib/jns/jns-start");
    private static final List<String> FILES = List.of("/usr/lib/jns/jns.jar", "/usr/lib/jns/libjffi-1.2.so");
    private static final String NO_SUCH_TYPE = "ENODEV";

    private final Sight sight;
    private final Host host;

    MachineLook(Sight sight, Host host) {
        this.sight = sight;
        this.host = host;
    }

    Machine machine() {
        boolean isRoot = isRoot();
        String mounts = sight.text(Path.of("/proc/1/mountinfo")).orElse("");
        if (!isRoot) {
            sight.cannotSee("whether mounts can be made");
        }
        return new Machine(
                line("/proc/sys/kernel/osrelease"),
                isRoot ? cannotMount("tmpfs").orElse("") : "",
                isRoot
                                && cannotMount("overlay")
                                        .filter(why -> why.contains(NO_SUCH_TYPE))
                                        .isPresent()
                        ? Set.of("overlay")
                        : Set.of(),
                mounts.isEmpty() || isShared(mounts),
                mounts.lines().count(),
                number("/proc/sys/fs/mount-max"),
                number("/proc/sys/user/max_mnt_namespaces"),
                procOptions(),
                line("/sys/fs/selinux/enforce").equals("1"));
    }

    WaysOut waysOut() {
        return new WaysOut(WaysOut.KNOWN.stream()
                .filter(program -> Files.exists(Path.of(program)))
                .toList());
    }

    private boolean isRoot() {
        return sight.look(Path.of("/proc/self")).filter(self -> self.uid() == 0).isPresent();
    }

    private String line(String path) {
        return sight.text(Path.of(path)).map(String::strip).orElse("");
    }

    private OptionalLong number(String path) {
        String text = line(path);
        return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** A detached mount, which ends at once. */
    private Optional<String> cannotMount(String type) {
        try {
            host.sys.fresh(type, Map.of(), MountFlags.NONE).close();
            return Optional.empty();
        } catch (SyscallException e) {
            return Optional.of(e.call() + ": " + Errno.name(e.errno()) + ", " + Errno.text(e.errno()));
        }
    }

    /** The mount of the root folder: if others are shared and it is not, most later mounts are below it. */
    private static boolean isShared(String mountinfo) {
        return mountinfo
                .lines()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 6 && fields[4].equals("/"))
                .reduce((first, last) -> last)
                .filter(fields ->
                        !String.join(" ", fields).replaceFirst(" - .*", "").contains(" shared:"))
                .isEmpty();
    }

    /** The options of the topmost one. */
    private Set<String> procOptions() {
        Set<String> options = new HashSet<>();
        for (String line :
                sight.text(Path.of("/proc/self/mountinfo")).orElse("").split("\n")) {
            String[] fields = line.split(" ");
            if (fields.length > 4 && fields[4].equals("/proc")) {
                options = new HashSet<>(List.of(fields[fields.length - 1].split(",")));
            }
        }
        return options;
    }

    Helper helper(AbsPath socket) {
        int before = sight.unseen().size();
        Optional<Sight.Seen> seen = sight.look(Path.of(socket.value()), LinkOption.NOFOLLOW_LINKS);
        Helper.Kind kind = sight.unseen().size() > before ? Helper.Kind.UNSEEN : Helper.Kind.NONE;
        if (seen.isPresent()) {
            kind = seen.get().isSocket() ? Helper.Kind.SOCKET : Helper.Kind.SOMETHING_ELSE;
        }
        return new Helper(
                socket,
                kind,
                seen.map(Sight.Seen::uid).orElse(0),
                seen.map(Sight.Seen::permissions).orElse(0),
                listens(socket),
                kind == Helper.Kind.SOCKET && listens(socket) && isRoot() ? Optional.of(answer()) : Optional.empty(),
                Files.isDirectory(Path.of("/run/systemd/system")));
    }

    private Helper.Answer answer() {
        try {
            DaemonNumbers numbers = DaemonNumbers.ask(host);
            OptionalLong started = numbers.number("jns_start_time_seconds");
            boolean isOld = started.isPresent() && started.getAsLong() < changed(HOME.resolve("jns.jar")) / 1000;
            return new Helper.Answer(
                    "",
                    isOld,
                    numbers.number("jns_max_fds"),
                    numbers.number("jns_open_fds"),
                    numbers.number("jns_rules_kept").orElse(1) != 0,
                    numbers.numbers("jns_thread_busy_seconds", "thread"));
        } catch (Host.Failure e) {
            return new Helper.Answer(e.getMessage(), false, OptionalLong.empty(), OptionalLong.empty(), true, Map.of());
        }
    }

    /** From the kernel's list of sockets, proc_pid_net(5), because a connection would be a request. */
    private boolean listens(AbsPath socket) {
        String acceptsConnections = "00010000";
        return sight.text(Path.of("/proc/net/unix"))
                .orElse("")
                .lines()
                .map(line -> line.strip().split(" +"))
                .anyMatch(fields ->
                        fields.length > 7 && fields[3].equals(acceptsConnections) && fields[7].equals(socket.value()));
    }

    Installation installation() {
        Map<String, String> trouble = new TreeMap<>();
        PROGRAMS.forEach(program -> trouble.put(program, sight.trouble(Path.of(program), true)));
        FILES.forEach(file -> trouble.put(file, sight.trouble(Path.of(file), false)));
        return new Installation(trouble, archive());
    }

    private Archive archive() {
        if (!Files.exists(ARCHIVES.resolve("jns.aot")) && !Files.exists(ARCHIVES.resolve("jns.jsa"))) {
            return Archive.NONE;
        }
        String sources = sight.text(ARCHIVES.resolve("sources")).orElse("");
        boolean isOfThisJvm = sources.startsWith(real(Path.of(System.getProperty("java.home"))) + "/lib/modules ");
        return isOfThisJvm && sources.lines().allMatch(MachineLook::isUnchanged) ? Archive.FRESH : Archive.OLD;
    }

    /**
     * @param line a file, its size in bytes and the time of its last change in seconds since 1970, as
     *     /usr/lib/jns/launch writes them
     */
    private static boolean isUnchanged(String line) {
        String[] fields = line.split(" ");
        Path file = Path.of(fields[0]);
        return fields.length == 3
                && fields[1].equals(Long.toString(file.toFile().length()))
                && fields[2].equals(Long.toString(changed(file) / 1000));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static long changed(Path path) {
        try {
            return Files.getLastModifiedTime(path).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The private folders that the daemon has moved aside. */
    Aside aside(AbsPath instances) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(instances.value()), "aside-*")) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException | DirectoryIteratorException e) {
            // The report already says that this folder cannot be read.
            return new Aside(instances, List.of());
        }
        Collections.sort(names);
        return new Aside(instances, names);
    }

    /** Empty if it is missing: the daemon makes it. */
    Optional<Folder> folder(AbsPath path, Folder.Use use) {
        Path place = Path.of(path.value());
        Optional<Sight.Seen> seen = sight.look(place, LinkOption.NOFOLLOW_LINKS);
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        boolean readOnly = false;
        Room room = new Room(0, 0, 0, 0);
        try (Fd folder = host.sys.open(Optional.empty(), path.value(), OpenAs.PATH, Walk.NO_LINKS)) {
            readOnly = host.sys.fileSystem(folder).flags().has(MountFlags.RO);
            room = host.sys.room(folder);
        } catch (SyscallException e) {
            sight.cannotSee("the file system of " + path);
        }
        return Optional.of(new Folder(
                path,
                seen.get().isDirectory(),
                seen.get().uid(),
                seen.get().permissions(),
                readOnly,
                room.freeBytesOfHundred(),
                room.freeInodesOfHundred(),
                use));
    }
}
