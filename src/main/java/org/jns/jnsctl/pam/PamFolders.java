// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jns.doctor.PamAdvice;
import org.jns.doctor.PamFile;
import org.jns.doctor.PamFiles;
import org.jns.jnsctl.output.Sight;
import org.jns.model.AbsPath;

/** The files of PAM on this machine. */
public final class PamFolders {
    private static final List<Path> FOLDERS =
            List.of(Path.of("/etc/pam.d"), Path.of("/usr/lib/pam.d"), Path.of("/usr/etc/pam.d"));
    private static final Path RUN0 = Path.of("/usr/bin/run0");
    /** The folder of pam_namespace; the vendor's is used if the admin has none. */
    private static final Path RIVAL = Path.of("/etc/security");

    private static final Path VENDORS_RIVAL = Path.of("/usr/etc/security");
    /** Files may include others by whole paths, without a limit. */
    private static final int MOST_FILES = 1000;

    private final Sight sight;
    private final List<Path> folders;

    public PamFolders(Sight sight) {
        this(sight, FOLDERS);
    }

    /** @param folders the one that PAM prefers first */
    public PamFolders(Sight sight, List<Path> folders) {
        this.sight = sight;
        this.folders = folders;
    }

    public PamFiles read() {
        Map<String, PamFile> files = new HashMap<>();
        for (Path folder : folders) {
            for (Path path : sight.files(folder)) {
                String name = path.getFileName().toString();
                // Editors and package managers leave unused copies there.
                if (!name.contains(".") && !name.contains("~")) {
                    add(files, name);
                }
            }
        }
        Set<String> wanted = new PamFiles(files).wanted();
        for (boolean more = true; more && files.size() < MOST_FILES; wanted = new PamFiles(files).wanted()) {
            more = false;
            for (String name : wanted) {
                more |= add(files, name);
            }
        }
        return new PamFiles(files);
    }

    private boolean add(Map<String, PamFile> files, String name) {
        if (files.containsKey(name)) {
            return false;
        }
        List<Path> places = name.startsWith("/")
                ? List.of(Path.of(name))
                : folders.stream().map(folder -> folder.resolve(name)).toList();
        for (Path place : places) {
            Optional<String> text = sight.text(place);
            if (text.isPresent()) {
                files.put(name, PamFile.parse(place.toString(), text.get()));
                return true;
            }
        }
        return false;
    }

    public PamAdvice.Facts facts(PamFiles files, AbsPath socket) {
        String folder = moduleFolder().map(Path::toString).orElse("");
        Map<String, String> modules = new HashMap<>();
        for (String path : PamAdvice.modulePaths(files, folder)) {
            modules.put(path, sight.trouble(Path.of(path), false));
        }
        Map<String, String> programs = new HashMap<>();
        for (String path : PamAdvice.programs(files)) {
            programs.put(path, sight.trouble(Path.of(path), true));
        }
        return new PamAdvice.Facts(folder, modules, programs, socket.value(), Files.exists(RUN0), hasRival());
    }

    /**
     * Whether there is a line in the files of namespace.conf(5): the admin's or else the vendor's file, and those of
     * the folder.
     */
    public boolean hasRival() {
        boolean isAdmins = sight.look(RIVAL.resolve("namespace.conf")).isPresent();
        List<Path> files = new ArrayList<>(sight.files(RIVAL.resolve("namespace.d")));
        files.add((isAdmins ? RIVAL : VENDORS_RIVAL).resolve("namespace.conf"));
        return files.stream()
                .flatMap(file -> sight.text(file).orElse("").lines())
                .anyMatch(line -> !line.isBlank() && !line.strip().startsWith("#"));
    }

    /**
     * The folder with a module that every installation of PAM has. A machine may have a second one, for another type of
     * processor.
     */
    private Optional<Path> moduleFolder() {
        String processor = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        for (String root : List.of(
                "/usr/lib/" + processor + "-linux-gnu",
                "/lib/" + processor + "-linux-gnu",
                "/usr/lib64",
                "/lib64",
                "/usr/lib",
                "/lib")) {
            Path folder = Path.of(root, "security");
            if (Files.exists(folder.resolve("pam_unix.so"))) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }
}
