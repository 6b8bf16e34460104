// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jns.linux.FileModel.Mount;
import org.jns.linux.FileModel.Node;
import org.jns.linux.FileModel.Place;
import org.jns.model.AbsPath;
import org.jns.model.MountFlags;
import org.jns.model.NamespaceKind;

/**
 * A simulated kernel that records its calls, lets any call fail, and knows which descriptors are open. The transcript
 * has one line for each call; random names end in {@code *}.
 */
public class RecordingSyscalls implements Syscalls {
    /** A file system on another device than all the others. */
    public static final long OWN_DISK = 7;

    public static final long FUSE = 0x65735546L;
    /** Small, so that a file is read in pieces. */
    private static final int PIECE = 16;

    private static final long NAMESPACES = 0x6e736673;
    private static final int SOME_FRACTION = 123_456_789;
    public static final long FUSE_CONTROL = 0x65735543L;

    private final FileModel files = new FileModel();
    private final Map<Integer, Place> open = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Transcript transcript = new Transcript();
    private final java.util.Deque<byte[]> reports = new java.util.ArrayDeque<>();
    private boolean tableChanged;
    private int copies;
    private String namespace = "host";
    /** The namespaces that were opened, by their descriptors. A namespace that is opened from a pin is the keeper. */
    private final Map<Integer, String> namespaceNames = new TreeMap<>();

    private boolean slave;
    private final Map<Integer, Iterator<String>> listed = new TreeMap<>();
    private final List<String> locked = new ArrayList<>();
    private final Map<Integer, Long> starts = new TreeMap<>();
    private final Map<Integer, Integer> handles = new TreeMap<>();
    private final List<Integer> stubborn = new ArrayList<>();
    private final List<Integer> connections = new ArrayList<>();
    private final Map<Integer, Node> namespaces = new TreeMap<>();
    private final Map<String, Node> otherNamespaces = new TreeMap<>();
    private final Map<Integer, Integer> readSoFar = new TreeMap<>();
    private final Map<String, Long> owners = new TreeMap<>();
    private String boot = "0".repeat(32);
    private long now = 1_000_000;
    /** The wall clock, which may be wrong. */
    private long wall = now;

    public RecordingSyscalls() {
        files.time(now);
    }

    // --- the world, as a test sets it up

    public RecordingSyscalls directory(String path, int mode, long uid, long gid) {
        return add(path, FileModel.DIRECTORY, mode, uid, gid, "");
    }

    public RecordingSyscalls file(String path, int mode, long uid, String content) {
        return add(path, FileModel.REGULAR, mode, uid, uid, content);
    }

    public RecordingSyscalls link(String path, long uid, String text) {
        return add(path, FileModel.SYMLINK, 0777, uid, uid, text);
    }

    public RecordingSyscalls fifo(String path) {
        return add(path, FileModel.FIFO, 0666, 1000, 1000, "");
    }

    public RecordingSyscalls socket(String path) {
        return add(path, FileModel.SOCKET, 0777, 1000, 1000, "");
    }

    public RecordingSyscalls characterDevice(String path, int mode, long uid, int major, int minor) {
        return device(path, FileModel.CHARACTER_DEVICE, mode, uid, major, minor);
    }

    public RecordingSyscalls blockDevice(String path, int mode, long uid, int major, int minor) {
        return device(path, FileModel.BLOCK_DEVICE, mode, uid, major, minor);
    }

    private RecordingSyscalls device(String path, int type, int mode, long uid, int major, int minor) {
        add(path, type, mode, uid, uid, "");
        files.at(path).node().standsFor = ((long) major << 32) | minor;
        return this;
    }

    private RecordingSyscalls add(String path, int type, int mode, long uid, long gid, String content) {
        files.add(path, new Node(type, mode, uid, gid)).content = content.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    public RecordingSyscalls chown(String path, long uid, int mode) {
        Node node = files.at(path).node();
        node.uid = uid;
        node.gid = uid;
        node.permissions = mode;
        return this;
    }

    /** Two files share one array in memory. */
    public void sameContent(String path, String as) {
        files.at(path).node().content = files.at(as).node().content;
    }

    /** Mounts an empty root-owned folder with mode 0755 on the path. */
    public RecordingSyscalls mount(String path, MountFlags flags, long fileSystem) {
        Place onto = files.at(path);
        onto.mount().covers.put(onto.node(), new Mount(new Node(FileModel.DIRECTORY, 0755, 0, 0), flags, fileSystem));
        return this;
    }

    /** Another process renames the second path to the first. */
    public void swap(String path, String by) {
        Node moved = files.at(by).node();
        Node around = files.at(AbsPath.of(path).parent().value()).node();
        around.children.put(AbsPath.of(path).name(), moved);
    }

    public void boot(String id) {
        boot = id;
    }

    /** Changes from now on get this time, in seconds since 1970. */
    public void time(long seconds) {
        wall += seconds - now;
        now = seconds;
        files.time(wall);
    }

    /** Somebody sets the clock, while no time passes. */
    public void setClock(long seconds) {
        wall = seconds;
        files.time(wall);
    }

    public long clock() {
        return wall;
    }

    public long time() {
        return now;
    }

    /** A login is building a view with that folder. */
    public void lock(String path) {
        locked.add(path);
    }

    public void unlock(String path) {
        locked.remove(path);
    }

    /** The answer of the next program; without this, none comes. */
    public RecordingSyscalls report(String text) {
        reports.add(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The process with that number ignores every signal except SIGKILL. */
    public void ignoresSignals(int pid) {
        stubborn.add(pid);
    }

    /** Sets the owner of a thread's mount namespace; the thread is named like in /proc. */
    public void ownsMounts(String thread, long uid) {
        owners.put(thread, uid);
    }

    public boolean hasProcess(int pid) {
        return starts.containsKey(pid);
    }

    /** Adds a process with that number, started at that time since boot. */
    public void process(int pid, long started) {
        starts.put(pid, started);
    }

    public void mountTableChanges() {
        tableChanged = true;
    }

    // --- what a test asks

    /** The calls so far, which of them fail, and what happens in between. */
    public Transcript transcript() {
        return transcript;
    }

    /** "host", or "own 1" and so on for each copy. */
    public String namespace() {
        return namespace + (namespace.equals("host") || slave ? "" : ", shared with the host");
    }

    public String describe(String path) {
        return describe(files.at(path).node());
    }

    public List<String> names(String path) {
        return List.copyOf(files.at(path).node().children.keySet());
    }

    /** Fails if a descriptor is open or was closed twice, or if something was done that the host would see. */
    public void assertClean() {
        List<String> wrong = new ArrayList<>(faults);
        open.keySet().forEach(number -> wrong.add("descriptor " + number + " is still open"));
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("; ", wrong) + "\n" + transcript);
        }
    }

    // --- the machinery

    private <T> T call(String name, String arguments, Supplier<T> action) {
        return transcript.call(name, arguments, action, RecordingSyscalls::shown);
    }

    private void run(String name, String arguments, Runnable action) {
        call(name, arguments, () -> {
            action.run();
            return null;
        });
    }

    private static String shown(Object result) {
        if (result instanceof Fd fd) {
            return Integer.toString(fd.number());
        }
        if (result instanceof Stat stat) {
            return describe(stat.mode() & 0170000, stat.permissions(), stat.uid(), stat.gid());
        }
        if (result instanceof FileSystem fileSystem) {
            return (fileSystem.isFuse() ? "fuse " : "") + "[" + fileSystem.flags() + "]";
        }
        if (result instanceof Optional<?> optional) {
            return optional.isPresent() ? "answer" : "no answer";
        }
        if (result instanceof Time time) {
            return Long.toString(time.seconds());
        }
        return result instanceof byte[] bytes ? bytes.length + " bytes" : result.toString();
    }

    private static String describe(Node node) {
        return describe(node.type, node.permissions, node.uid, node.gid);
    }

    private static String describe(int type, int permissions, long uid, long gid) {
        String kind =
                switch (type) {
                    case FileModel.DIRECTORY -> "folder";
                    case FileModel.REGULAR -> "file";
                    case FileModel.SYMLINK -> "link";
                    case FileModel.FIFO -> "fifo";
                    default -> "socket";
                };
        return kind + String.format(" %04o %d:%d", permissions, uid, gid);
    }

    private Fd descriptor(Place place) {
        int number = 3;
        while (open.containsKey(number)) {
            number++;
        }
        open.put(number, place);
        return new Fd(number, this);
    }

    private Place place(Fd fd) {
        Place place = open.get(fd.number());
        if (place == null) {
            throw new AssertionError("descriptor " + fd.number() + " is not open");
        }
        return place;
    }

    private Node folder(Fd fd) {
        return place(fd).node();
    }

    private static Node child(Node folder, String name) {
        Node child = folder.children.get(name);
        if (child == null) {
            throw new SyscallException("", name, Errno.ENOENT);
        }
        return child;
    }

    private static void put(Node folder, String name, Node node) {
        if (folder.children.putIfAbsent(name, node) != null) {
            throw new SyscallException("", name, Errno.EEXIST);
        }
    }

    // --- the calls

    @Override
    public Fd open(Optional<Fd> folder, String path, OpenAs as, Walk walk) {
        String shown = folder.map(fd -> fd.number() + "/").orElse("") + path;
        Place start = folder.map(this::place).orElseGet(files::root);
        return call("open", shown + " " + as + " " + walk, () -> descriptor(files.walk(start, path, as, walk)));
    }

    @Override
    public Fd create(Fd folder, String name) {
        return call("create", folder.number() + "/" + name, () -> {
            Node node = new Node(FileModel.REGULAR, 0600, 0, 0);
            put(folder(folder), name, node);
            return descriptor(new Place(node, place(folder).mount()));
        });
    }

    private long device(Fd file) {
        return place(file).mount().fileSystem == OWN_DISK ? 2 : 1;
    }

    @Override
    public Stat stat(Fd file) {
        Node node = place(file).node();
        return call(
                "stat",
                "" + file.number(),
                () -> new Stat(
                        node.type | node.permissions, node.uid, node.gid, node.inode, device(file), node.standsFor));
    }

    @Override
    public FileSystem fileSystem(Fd file) {
        Mount mount = place(file).mount();
        return call("fstatfs", "" + file.number(), () -> new FileSystem(mount.fileSystem, mount.flags));
    }

    @Override
    public String readLink(Fd link) {
        return call("readlink", "" + link.number(), () -> place(link).node().text());
    }

    @Override
    public String readLink(Fd folder, String name) {
        return call("readlink", folder.number() + "/" + name, () -> {
            Node link = files.walk(place(folder), name, OpenAs.LINK_ITSELF, Walk.NO_LINKS)
                    .node();
            if (link.type != FileModel.SYMLINK) {
                throw new SyscallException("readlinkat", name, Errno.EINVAL);
            }
            return link.text();
        });
    }

    @Override
    public byte[] read(Fd file, int most) {
        byte[] content = place(file).node().content;
        return call("read", file.number() + " " + most, () -> Arrays.copyOf(content, Math.min(most, content.length)));
    }

    @Override
    public void write(Fd file, byte[] bytes) {
        run("write", file.number() + " " + bytes.length, () -> place(file).node().content = bytes.clone());
    }

    @Override
    public void sync(Fd file) {
        place(file);
        run("sync", "" + file.number(), () -> {});
    }

    @Override
    public long copy(Fd from, Fd to, long most) {
        return call("copy", from.number() + " to " + to.number(), () -> {
            byte[] content = place(from).node().content;
            long length = Math.min(most, content.length);
            place(to).node().content = length == content.length ? content : Arrays.copyOf(content, (int) length);
            return length;
        });
    }

    @Override
    public void lock(Fd file) {
        run("flock", "" + file.number(), () -> place(file));
    }

    @Override
    public List<String> list(Fd folder) {
        return call(
                "list",
                "" + folder.number(),
                () -> List.copyOf(folder(folder).children.keySet()));
    }

    @Override
    public void makeDirectory(Fd folder, String name, int mode) {
        run("mkdir", folder.number() + "/" + name + String.format(" %04o", mode), () -> {
            // All components of a path except the last exist.
            int slash = name.lastIndexOf('/');
            Node around = slash < 0 ? folder(folder) : child(folder(folder), name.substring(0, slash));
            put(around, name.substring(slash + 1), new Node(FileModel.DIRECTORY, mode, 0, 0));
        });
    }

    @Override
    public void makeLink(Fd folder, String name, String text) {
        run("symlink", folder.number() + "/" + name + " -> " + text, () -> {
            Node node = new Node(FileModel.SYMLINK, 0777, 0, 0);
            node.content = text.getBytes(StandardCharsets.UTF_8);
            put(folder(folder), name, node);
        });
    }

    @Override
    public void rename(Fd folder, String from, String to) {
        run("rename", folder.number() + "/" + from + " " + to, () -> {
            put(folder(folder), to, child(folder(folder), from));
            folder(folder).children.remove(from);
        });
    }

    @Override
    public void replace(Fd folder, String from, String to) {
        run("replace", folder.number() + "/" + from + " " + to, () -> {
            folder(folder).children.put(to, child(folder(folder), from));
            folder(folder).children.remove(from);
        });
    }

    @Override
    public void remove(Fd folder, String name) {
        run(
                "unlink",
                folder.number() + "/" + name,
                () -> folder(folder).children.values().remove(child(folder(folder), name)));
    }

    @Override
    public void removeDirectory(Fd folder, String name) {
        run("rmdir", folder.number() + "/" + name, () -> {
            if (!child(folder(folder), name).children.isEmpty()) {
                throw new SyscallException("rmdir", name, Errno.ENOTEMPTY);
            }
            folder(folder).children.remove(name);
        });
    }

    @Override
    public void changeOwner(Fd file, long uid, long gid) {
        run("chown", file.number() + " " + uid + ":" + gid, () -> {
            place(file).node().uid = uid;
            place(file).node().gid = gid;
        });
    }

    @Override
    public void changeMode(Fd file, int mode) {
        run(
                "chmod",
                file.number() + String.format(" %04o", mode),
                () -> place(file).node().permissions = mode);
    }

    @Override
    public void unshareMounts() {
        run("unshare", "", () -> {
            namespace = "own " + ++copies;
            slave = false;
        });
    }

    @Override
    public void enterMounts(Fd host) {
        run(
                "setns",
                "" + host.number(),
                () -> namespace = place(host).mount().fileSystem == NAMESPACES
                        ? "keeper"
                        : namespaceNames.getOrDefault(host.number(), "host"));
    }

    @Override
    public void enterOther(Fd namespace, NamespaceKind kind) {
        place(namespace);
        call("setns", kind.word() + " " + namespace.number(), () -> null);
    }

    @Override
    public void makeAllSlave() {
        run("slave", "", () -> {
            if (namespace.equals("host")) {
                faults.add("the host's mounts were made slaves");
            }
            slave = true;
        });
    }

    @Override
    public Fd cloneTree(Fd file, boolean withSubmounts) {
        Place from = place(file);
        return call("clone", file.number() + (withSubmounts ? " with submounts" : ""), () -> {
            Mount copy = new Mount(from.node(), from.mount().flags, from.mount().fileSystem);
            if (withSubmounts) {
                copy.covers.putAll(from.mount().covers);
                copy.covers.remove(from.node());
            }
            return descriptor(new Place(copy.root, copy));
        });
    }

    @Override
    public void restrict(Fd tree, MountFlags flags, boolean withSubmounts) {
        Mount mount = place(tree).mount();
        run(
                "restrict",
                tree.number() + " " + flags + (withSubmounts ? " with submounts" : ""),
                () -> mount.flags = mount.flags.plus(flags));
    }

    @Override
    public void makePrivate(Fd tree, boolean withSubmounts) {
        run("private", tree.number() + (withSubmounts ? " with submounts" : ""), () -> {});
    }

    @Override
    public Fd fresh(String type, Map<String, String> options, MountFlags flags) {
        return call(type, (options + " " + flags).strip(), () -> {
            int mode = Integer.parseInt(options.getOrDefault("mode", "1777"), 8);
            long uid = Long.parseLong(options.getOrDefault("uid", "0"));
            Mount mount = new Mount(
                    new Node(FileModel.DIRECTORY, mode, uid, Long.parseLong(options.getOrDefault("gid", "0"))),
                    flags,
                    0x01021994);
            return descriptor(new Place(mount.root, mount));
        });
    }

    @Override
    public Fd finishFresh(Fd context, String type, Map<String, String> options, MountFlags flags) {
        place(context);
        return call(type, (context.number() + " " + options + " " + flags).strip(), () -> {
            Mount mount = new Mount(new Node(FileModel.DIRECTORY, 0555, 0, 0), flags, 0x9fa0);
            return descriptor(new Place(mount.root, mount));
        });
    }

    @Override
    public Fd overlay(List<Fd> lower, Changes changes, Map<String, String> options, MountFlags flags) {
        List<Integer> below = lower.stream().map(Fd::number).toList();
        String folders =
                below + " under " + changes.around().number() + "/" + changes.upper() + ", work in " + changes.work();
        return call("overlay", (folders + " " + options + " " + flags).strip(), () -> {
            files.walk(place(changes.around()), changes.work(), OpenAs.DIRECTORY, Walk.INSIDE);
            Place upper = files.walk(place(changes.around()), changes.upper(), OpenAs.DIRECTORY, Walk.INSIDE);
            Mount mount = new Mount(upper.node(), flags, 0x794c7630);
            return descriptor(new Place(mount.root, mount));
        });
    }

    @Override
    public void attach(Fd tree, Fd onto) {
        Place target = place(onto);
        Mount mount = place(tree).mount();
        run("attach", tree.number() + " on " + onto.number(), () -> {
            if (namespace.equals("host") || !slave && !namespace.equals("keeper")) {
                faults.add("the host would see the mount");
            }
            target.mount().covers.put(target.node(), mount);
        });
    }

    @Override
    public void detach(String path) {
        run("detach", path, () -> files.uncover(path));
    }

    @Override
    public Fd namespaceOfThisThread() {
        return call("namespace", "", () -> {
            Fd here = descriptor(files.root());
            namespaceNames.put(here.number(), namespace);
            return here;
        });
    }

    @Override
    public Fd namespaceOfInit() {
        return call("namespace", "", () -> descriptor(files.root()));
    }

    @Override
    public Optional<byte[]> runProgram(Fd folder, Fd input, Fd nothing, List<String> command, long milliseconds) {
        String others = (input == nothing ? "" : input.number() + " ") + nothing.number();
        return call(
                "run",
                folder.number() + "/ " + others + " " + command + " " + milliseconds + " ms",
                () -> Optional.ofNullable(reports.poll()));
    }

    /**
     * The process that it left has the number after the first line, and ends with the connection unless it gets a nod.
     */
    @Override
    public Optional<Report> startProgram(
            Fd folder, Fd input, Fd nothing, List<String> command, int mostPassed, long milliseconds) {
        return runProgram(folder, input, nothing, command, milliseconds).map(packet -> {
            List<Fd> passed = new ArrayList<>();
            for (int i = 0; packet.length > 0 && packet[0] == '\n' && i < mostPassed; i++) {
                passed.add(descriptor(new Place(
                        new Node(FileModel.REGULAR, 0444, 0, 0), files.root().mount())));
            }
            Fd connection = descriptor(files.root());
            java.util.regex.Matcher number = java.util.regex.Pattern.compile("\n([0-9]{1,9})(?: |$)")
                    .matcher(new String(packet, StandardCharsets.UTF_8));
            handles.put(connection.number(), number.find() ? Integer.parseInt(number.group(1)) : 0);
            connections.add(connection.number());
            return new Report(packet, passed, connection);
        });
    }

    @Override
    public void nod(Fd connection) {
        place(connection);
        run("nod", "at " + handles.get(connection.number()), () -> connections.remove((Integer) connection.number()));
    }

    @Override
    public Fd mountTable() {
        return call("mountinfo", "", () -> descriptor(files.root()));
    }

    @Override
    public boolean hasChanged(Fd mountTable) {
        place(mountTable);
        return call("poll", "" + mountTable.number(), () -> {
            boolean changed = tableChanged;
            tableChanged = false;
            return changed;
        });
    }

    @Override
    public List<RawName> listSome(Fd folder) {
        Iterator<String> rest = listed.computeIfAbsent(
                folder.number(),
                n -> List.copyOf(folder(folder).children.keySet()).iterator());
        return call("list", "" + folder.number(), () -> rest.hasNext() ? List.of(RawName.of(rest.next())) : List.of());
    }

    @Override
    public Room room(Fd file) {
        place(file);
        return call("room", "" + file.number(), () -> new Room(1000, 500, 100, 50));
    }

    @Override
    public byte[] readSome(Fd file) {
        byte[] content = place(file).node().content;
        int from = readSoFar.getOrDefault(file.number(), 0);
        int to = Math.min(content.length, from + PIECE);
        readSoFar.put(file.number(), to);
        return call("read", file.number() + " " + PIECE, () -> Arrays.copyOfRange(content, from, to));
    }

    @Override
    public void remove(Fd folder, RawName name) {
        run("unlink", folder.number() + "/" + name, () -> {
            Node child = child(folder(folder), name.toString());
            if (child.type == FileModel.DIRECTORY) {
                throw new SyscallException("unlink", name.toString(), Errno.EISDIR);
            }
            folder(folder).children.remove(name.toString());
        });
    }

    @Override
    public void move(Fd folder, RawName name, Fd to, String newName) {
        run("move", folder.number() + "/" + name + " " + to.number() + "/" + newName, () -> {
            Node child = child(folder(folder), name.toString());
            if (place(folder).mount().covers.containsKey(child)) {
                throw new SyscallException("renameat2", name.toString(), 16);
            }
            put(folder(to), newName, child);
            folder(folder).children.remove(name.toString());
        });
    }

    @Override
    public void touch(Fd folder, String name) {
        run("touch", folder.number() + "/" + name, () -> change(child(folder(folder), name), wall, SOME_FRACTION));
    }

    private static void change(Node node, long seconds, int nanoseconds) {
        node.changed = seconds;
        node.nanoseconds = nanoseconds;
        node.touchInode();
    }

    @Override
    public Times times(Fd folder, String name) {
        return call("times", folder.number() + "/" + name, () -> {
            Node node = child(folder(folder), name);
            return new Times(new Time(node.changed, node.nanoseconds), new Time(node.inodeChanged, 0));
        });
    }

    @Override
    public Extent extent(Fd folder, RawName name) {
        return call("extent", folder.number() + "/" + name, () -> {
            FileModel.Node node = child(folder(folder), name.toString());
            return new Extent(node.type == FileModel.DIRECTORY, node.content.length);
        });
    }

    @Override
    public void lockShared(Fd file) {
        run("lock", file.number() + " shared", () -> {});
    }

    @Override
    public boolean lockAlone(Fd file) {
        return call("lock", file.number() + " alone", () -> locked.stream()
                .noneMatch(path -> files.at(path).node() == folder(file)));
    }

    @Override
    public String boot() {
        return call("boot", "", () -> boot);
    }

    @Override
    public void goLast() {
        run("nice", "", () -> {});
    }

    @Override
    public void leaveSharedFolders() {
        run("unshare", "folders", () -> {});
    }

    @Override
    public boolean isAtRootOf(Fd own) {
        return call("isroot", "/", () -> true);
    }

    @Override
    public void beginBare() {
        run("unshare", "bare", () -> namespace = "bare");
    }

    @Override
    public boolean isMountRoot(Fd file) {
        Place place = place(file);
        return call("isroot", "" + file.number(), () -> place.node() == place.mount().root);
    }

    @Override
    public void pin(Fd namespace, Fd onto) {
        place(namespace);
        place(onto);
        run("pin", namespace.number() + " on " + onto.number(), () -> {});
    }

    @Override
    public long sinceBoot() {
        return call("clock", "", () -> 100 * now);
    }

    @Override
    public Optional<Fd> process(int pid) {
        return call("pidfd", "" + pid, () -> {
            if (!starts.containsKey(pid)) {
                return Optional.empty();
            }
            Fd handle = descriptor(files.root());
            handles.put(handle.number(), pid);
            return Optional.of(handle);
        });
    }

    @Override
    public boolean awaitEnd(Fd process, long milliseconds) {
        place(process);
        int pid = handles.get(process.number());
        return call(
                "await",
                pid + " " + (milliseconds == 0 ? "not at all" : "for a while"),
                () -> !starts.containsKey(pid));
    }

    @Override
    public void signal(Fd process, int signal) {
        place(process);
        int pid = handles.get(process.number());
        run("signal", pid + " " + signal, () -> {
            if (signal == SIGKILL || !stubborn.contains(pid)) {
                starts.remove(pid);
            }
        });
    }

    @Override
    public OptionalLong ownerOfMounts(String thread) {
        return call(
                "owner",
                thread,
                () -> owners.containsKey(thread) ? OptionalLong.of(owners.get(thread)) : OptionalLong.empty());
    }

    @Override
    public Optional<Long> started(int pid) {
        return call("started", "" + pid, () -> Optional.ofNullable(starts.get(pid)));
    }

    @Override
    public Optional<Fd> namespaceOf(int pid) {
        Node namespace = namespaces.computeIfAbsent(pid, p -> new Node(FileModel.REGULAR, 0444, 0, 0));
        Place place = new Place(namespace, files.root().mount());
        return call(
                "namespace",
                "of " + pid,
                () -> starts.containsKey(pid) ? Optional.of(descriptor(place)) : Optional.empty());
    }

    @Override
    public Optional<Fd> namespaceOf(int pid, NamespaceKind kind) {
        Node namespace =
                otherNamespaces.computeIfAbsent(pid + " " + kind.word(), p -> new Node(FileModel.REGULAR, 0444, 0, 0));
        Place place = new Place(namespace, files.root().mount());
        return call(
                "namespace",
                kind.word() + " of " + pid,
                () -> starts.containsKey(pid) ? Optional.of(descriptor(place)) : Optional.empty());
    }

    @Override
    public void close(int number) {
        listed.remove(number);
        readSoFar.remove(number);
        if (connections.remove((Integer) number)) {
            starts.remove(handles.get(number));
        }
        transcript.line("close " + number);
        if (open.remove(number) == null) {
            faults.add("descriptor " + number + " was closed twice");
        }
    }
}
