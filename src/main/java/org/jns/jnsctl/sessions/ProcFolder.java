// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jns.jnsctl.output.Sight;
import org.jns.model.AbsPath;
import org.jns.model.Printable;

/** The processes of this machine, proc(5). A process that ends meanwhile counts as missing. */
final class ProcFolder {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern NAMESPACE = Pattern.compile("mnt:\\[([0-9]{1,18})\\]");
    private static final Pattern PARENT = Pattern.compile("(?md)^PPid:\t([0-9]{1,9})$");
    /** The kernel's limit, path_resolution(7). */
    private static final int MOST_LINKS = 40;

    private final Sight sight = new Sight();

    /** The pids in each mount namespace, by its inode, lowest first. */
    Map<Long, List<Integer>> byNamespace() {
        Map<Long, List<Integer>> found = new HashMap<>();
        for (Path process : sight.files(PROC)) {
            String name = process.getFileName().toString();
            if (name.matches("[0-9]{1,9}")) {
                int pid = Integer.parseInt(name);
                namespaceOf(pid).ifPresent(inode -> found.computeIfAbsent(inode, n -> new ArrayList<>())
                        .add(pid));
            }
        }
        found.values().forEach(pids -> pids.sort(null));
        return found;
    }

    /** Empty if the process does not exist, or cannot be looked at. */
    OptionalLong namespaceOf(int pid) {
        return namespaceOf(living(pid));
    }

    /**
     * The folder of a process; if its first thread has ended, that of another, because the kernel shows nothing about
     * an ended one.
     */
    private Path living(int pid) {
        Path process = of(pid);
        if (namespaceOf(process).isEmpty()) {
            for (Path thread : sight.files(process.resolve("task"))) {
                if (namespaceOf(thread).isPresent()) {
                    return thread;
                }
            }
        }
        return process;
    }

    private static OptionalLong namespaceOf(Path thread) {
        try {
            Matcher inode = NAMESPACE.matcher(
                    Files.readSymbolicLink(thread.resolve("ns/mnt")).toString());
            return inode.matches() ? OptionalLong.of(Long.parseLong(inode.group(1))) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static Path of(int pid) {
        return PROC.resolve(Integer.toString(pid));
    }

    boolean exists(int pid) {
        return Files.isDirectory(of(pid));
    }

    /** The name of its program, which the process may have changed; printable, and empty if the process has ended. */
    String name(int pid) {
        return sight.text(of(pid).resolve("comm"))
                .map(text -> Printable.of(text.strip()))
                .orElse("");
    }

    /** Empty if it has none. */
    OptionalInt parent(int pid) {
        Matcher found = PARENT.matcher(sight.text(of(pid).resolve("status")).orElse(""));
        int parent = found.find() ? Integer.parseInt(found.group(1)) : 0;
        return parent > 0 ? OptionalInt.of(parent) : OptionalInt.empty();
    }

    Optional<MountTable> mounts(int pid) {
        return sight.text(living(pid).resolve("mountinfo")).map(MountTable::parse);
    }

    /**
     * Resolves a path in the process's view, including links. A missing component stays as it is written.
     *
     * @throws IllegalArgumentException if it is no path, or its links form a circle
     */
    AbsPath resolve(int pid, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("it is not an absolute path");
        }
        Path root = living(pid).resolve("root");
        List<String> todo = new ArrayList<>(List.of(path.split("/")));
        AbsPath here = AbsPath.ROOT;
        int links = 0;
        while (!todo.isEmpty()) {
            String name = todo.remove(0);
            if (name.equals(".") || name.isEmpty()) {
                continue;
            }
            if (name.equals("..")) {
                here = here.parent();
                continue;
            }
            AbsPath next = here.child(name);
            Optional<String> link = link(root.resolve(next.value().substring(1)));
            if (link.isEmpty()) {
                here = next;
            } else if (++links > MOST_LINKS) {
                throw new IllegalArgumentException("its links lead in circles");
            } else {
                todo.addAll(0, List.of(link.get().split("/")));
                here = link.get().startsWith("/") ? AbsPath.ROOT : here;
            }
        }
        return here;
    }

    /** The text of a link; empty if it is none. */
    private static Optional<String> link(Path path) {
        try {
            return Files.isSymbolicLink(path)
                    ? Optional.of(Files.readSymbolicLink(path).toString())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
