// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Looks at files that may be missing, and remembers those that could not be read. */
public final class Sight {
    private static final int MOST_BYTES = 8 << 20;
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int SOCKET = 0140000;
    private static final int EXECUTABLE = 0111;

    private final Set<String> unseen = new TreeSet<>();

    /** The owner and mode of a file, after following links. */
    public record Seen(int mode, int uid, int gid) {
        boolean isRegular() {
            return (mode & TYPE) == REGULAR;
        }

        public boolean isDirectory() {
            return (mode & TYPE) == DIRECTORY;
        }

        public boolean isSocket() {
            return (mode & TYPE) == SOCKET;
        }

        public int permissions() {
            return mode & 07777;
        }
    }

    public Set<String> unseen() {
        return unseen;
    }

    public void cannotSee(Object what) {
        unseen.add(what.toString());
    }

    /** Empty if it is missing, or cannot be looked at. */
    public Optional<Seen> look(Path path, LinkOption... links) {
        try {
            Map<String, Object> seen = Files.readAttributes(path, "unix:mode,uid,gid", links);
            return Optional.of(new Seen(number(seen, "mode"), number(seen, "uid"), number(seen, "gid")));
        } catch (IOException e) {
            missing(path, e);
            return Optional.empty();
        }
    }

    private static int number(Map<String, Object> seen, String attribute) {
        return (Integer) Objects.requireNonNull(seen.get(attribute));
    }

    private void missing(Path path, IOException e) {
        if (!(e instanceof NoSuchFileException)) {
            cannotSee(path);
        }
    }

    /** Each byte a character; empty if it is missing, unreadable, not a regular file or too long. */
    public Optional<String> text(Path path) {
        if (look(path).filter(Seen::isRegular).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(MOST_BYTES + 1);
            if (bytes.length <= MOST_BYTES) {
                return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
            }
            cannotSee(path);
        } catch (IOException e) {
            missing(path, e);
        }
        return Optional.empty();
    }

    /** The files of a folder, sorted by name. */
    public List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(files::add);
        } catch (IOException e) {
            missing(folder, e);
        }
        files.sort(null);
        return files;
    }

    /** Why root should not load or start the file; empty if there is no objection, or it cannot be looked at. */
    public String trouble(Path path, boolean isProgram) {
        int before = unseen.size();
        Optional<Seen> seen = look(path);
        if (seen.isEmpty()) {
            return unseen.size() > before ? "" : "it is missing";
        }
        if (!seen.get().isRegular()) {
            return "it is no regular file";
        }
        if (seen.get().uid() != 0 || (seen.get().mode() & 022) != 0) {
            return "somebody other than root can change it";
        }
        return isProgram && (seen.get().mode() & EXECUTABLE) == 0 ? "it is not executable" : "";
    }
}
