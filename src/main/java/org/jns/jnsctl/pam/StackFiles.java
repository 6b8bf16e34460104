// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jns.jnsctl.output.Host;
import org.jns.model.Printable;

/** Changes the files of PAM atomically, so that no login reads half a file. */
public final class StackFiles {
    /** Each byte a character. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final long MOST_BYTES = 1 << 20;

    private final Path folder;
    private final Path vendor;
    private final Path kept;

    /**
     * @param folder the admin's, which PAM prefers
     * @param vendor the distribution's
     * @param kept for copies of changed files
     */
    public StackFiles(Path folder, Path vendor, Path kept) {
        this.folder = folder;
        this.vendor = vendor;
        this.kept = kept;
    }

    public Path kept() {
        return kept;
    }

    /** The text that PAM uses for a service; empty if it has no file. */
    public Optional<String> text(String service) {
        Path own = folder.resolve(service);
        Path file = Files.exists(own) ? own : vendor.resolve(service);
        return Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /** The services with a file. */
    public Set<String> services() {
        Map<String, String> texts = all(vendor);
        texts.putAll(all(folder));
        return texts.keySet();
    }

    private static Map<String, String> all(Path folder) {
        Map<String, String> texts = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return texts;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            for (Path file : files) {
                texts.put(file.getFileName().toString(), read(file));
            }
        } catch (IOException e) {
            throw new Host.Failure("cannot read " + folder + ": " + e.getMessage());
        }
        return texts;
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new Host.Failure("cannot read " + file + ": it is longer than a file of PAM's ever is");
            }
            return Files.readString(file, BYTES);
        } catch (IOException e) {
            throw new Host.Failure("cannot read " + file + ": " + e.getMessage());
        }
    }

    /** Keeps a copy of a file's current text, for the admin. */
    void keep(String service) {
        text(service).ifPresent(text -> {
            try {
                Files.createDirectories(
                        kept, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                replace(kept.resolve(service), text, folder.resolve(service));
            } catch (IOException e) {
                throw new Host.Failure(
                        "cannot keep a copy of the stack of " + service + " in " + kept + ": " + e.getMessage());
            }
        });
    }

    /** Sets a service's text. */
    public void write(String service, String text) {
        Path file = folder.resolve(service);
        if (Files.isSymbolicLink(file)) {
            throw new Host.Failure(
                    "cannot change " + file + ": it is a link, and something else looks after it; change it there");
        }
        try {
            if (text(service).isEmpty() || !Files.exists(file) || !read(file).equals(text)) {
                replace(file, text, file);
            }
            // A mere copy of the vendor's file is removed again.
            Path original = vendor.resolve(service);
            if (Files.isRegularFile(original) && read(original).equals(text)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new Host.Failure("cannot write " + file + ": " + e.getMessage() + "; it is as it was");
        }
    }

    /** Removes the module from an included file outside of the folders; false if it is not in there. */
    public boolean takeOut(Path included) {
        String text = read(included);
        if (!StackText.hasModule(text)) {
            return false;
        }
        if (Files.isSymbolicLink(included)) {
            throw new Host.Failure(
                    "cannot change " + included + ": it is a link, and something else looks after it; change it there");
        }
        try {
            replace(included, StackText.without(text), included);
            return true;
        } catch (IOException e) {
            throw new Host.Failure("cannot write " + included + ": " + e.getMessage() + "; it is as it was");
        }
    }

    /** The files that stacks include and that are outside of the folders. */
    public List<Path> elsewhere(Collection<String> included) {
        List<Path> places = new ArrayList<>();
        for (String name : included) {
            if (name.contains("/")) {
                Stream.of(folder, vendor)
                        .map(around -> around.resolve(name))
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .ifPresent(places::add);
            }
        }
        return places;
    }

    /**
     * Writes the text to a temporary file with the owner and mode of the old one, syncs it to the disk, and renames it.
     */
    private static void replace(Path file, String text, Path like) throws IOException {
        Path draft = file.resolveSibling("." + file.getFileName() + ".jns-new");
        try {
            Files.deleteIfExists(draft);
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(BYTES));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                owned(draft, like);
                out.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void owned(Path draft, Path like) throws IOException {
        PosixFileAttributeView made =
                Files.getFileAttributeView(draft, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        made.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
        if (Files.isRegularFile(like)) {
            PosixFileAttributes attributes = Files.readAttributes(like, PosixFileAttributes.class);
            made.setPermissions(attributes.permissions());
            made.setOwner(attributes.owner());
            made.setGroup(attributes.group());
        }
    }

    /**
     * Copies all files into another folder, with the new text for the changed ones.
     *
     * @param onto an empty folder
     */
    public void copy(Map<String, String> changed, Path onto) {
        Map<String, String> texts = all(vendor);
        texts.putAll(all(folder));
        texts.putAll(changed);
        texts.forEach((name, text) -> {
            try {
                Files.writeString(onto.resolve(name), text, BYTES);
            } catch (IOException e) {
                throw new Host.Failure("cannot write " + onto.resolve(name) + ": " + e.getMessage());
            }
        });
    }

    /** A name that can only be a file of the folder. */
    public static String checked(String service) {
        if (service.isEmpty() || service.startsWith(".") || service.contains("/")) {
            throw new Host.Failure("'" + Printable.of(service) + "' is no name of a service");
        }
        return service;
    }
}
