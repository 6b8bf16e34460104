// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Arch.Call;

/** Unix sockets, unix(7), and passing descriptors over them. Belongs to one thread at a time. */
public final class Sockets implements Fd.Closer {
    private static final long AF_UNIX = 1;
    private static final long SOCK_DGRAM = 2;
    private static final long SOCK_SEQPACKET = 5;
    private static final long SOCK_CLOEXEC = 02000000;
    private static final long SOCK_NONBLOCK = 04000;
    private static final long SOL_SOCKET = 1;
    private static final long SO_PEERCRED = 17;
    private static final int SCM_RIGHTS = 1;
    private static final long MSG_TRUNC = 0x20;
    private static final long MSG_CTRUNC = 8;
    private static final long MSG_NOSIGNAL = 0x4000;
    private static final long MSG_DONTWAIT = 0x40;
    private static final long MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SUN_PATH = 108;
    /** Of a socket's path, in bytes. */
    public static final int MAX_PATH = SUN_PATH - 1;

    private static final int MSGHDR = 56;
    private static final int BACKLOG = 1024;
    private static final int POLLIN = 1;
    private static final long F_SETFD = 2;
    private static final long F_GETFL = 3;
    private static final long F_SETFL = 4;
    private static final long F_ADD_SEALS = 1033;
    private static final long F_GETPIPE_SZ = 1032;
    private static final long O_ACCMODE = 3;
    /** The header of control data: its length, level and type, cmsg(3). */
    private static final int CONTROL = 16;

    private final SyscallCaller caller = new SyscallCaller();
    private final Scratch scratch = caller.scratch;
    /** Of the message to send. */
    @SuppressWarnings("NullAway.Init") // each message begins with this
    private Scratch.Slot header;

    /** The two ends of a packet connection. */
    public Pair pair() {
        Scratch.Slot ends = scratch.begin().room(8);
        caller.call(Call.SOCKETPAIR, "", AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.address());
        return new Pair(caller.descriptor(ends.getInt(0)), caller.descriptor(ends.getInt(4)));
    }

    /** The result of {@link #pair}. */
    public record Pair(Fd one, Fd other) {}

    /** The process at the other end of a connection, as the kernel recorded it when the connection was made. */
    public record Peer(int pid, long uid, long gid) {}

    /** A listening packet socket at an unused path. */
    public Fd listen(String path) {
        Fd socket = socket(SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK);
        try {
            Scratch.Slot address = address(path);
            caller.call(Call.BIND, path, socket.number(), address.address(), SUN_PATH + 2, 0);
            caller.call(Call.FCHMODAT, path, -100, scratch.begin().text(path), 0600, 0);
            caller.call(Call.LISTEN, path, socket.number(), BACKLOG);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** A packet connection to the socket at a path. */
    public Fd connect(String path) {
        return connect(path, SOCK_SEQPACKET | SOCK_CLOEXEC);
    }

    /** A socket that sends datagrams to the one at a path. */
    public Fd connectDatagram(String path) {
        return connect(path, SOCK_DGRAM | SOCK_CLOEXEC);
    }

    private Fd connect(String path, long type) {
        Fd socket = socket(type);
        try {
            Scratch.Slot address = address(path);
            caller.call(Call.CONNECT, path, socket.number(), address.address(), SUN_PATH + 2, 0);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private Fd socket(long type) {
        return caller.descriptor(caller.call(Call.SOCKET, "", AF_UNIX, type, 0, 0));
    }

    private Scratch.Slot address(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= SUN_PATH) {
            throw new IllegalArgumentException("socket path is longer than " + (SUN_PATH - 1) + " bytes: " + path);
        }
        Scratch.Slot address = scratch.begin().room(SUN_PATH + 2);
        address.putShort(0, (short) AF_UNIX);
        address.putBytes(2, bytes);
        return address;
    }

    /** Takes over a descriptor that the process was started with; no child will inherit it. */
    public Fd inherited(int number) {
        long closeOnExec = 1;
        caller.call(Call.FCNTL, "F_SETFD", number, F_SETFD, closeOnExec, 0);
        return caller.descriptor(number);
    }

    /** Accepting must not block: of several woken threads, one gets the connection. */
    public void makeNonBlocking(Fd file) {
        long flags = caller.call(Call.FCNTL, "F_GETFL", file.number(), F_GETFL);
        caller.call(Call.FCNTL, "F_SETFL", file.number(), F_SETFL, flags | SOCK_NONBLOCK, 0);
    }

    /** Empty if no connection waits, or the waiting one has ended. */
    public Optional<Fd> accept(Fd listening) {
        try {
            return Optional.of(
                    caller.descriptor(caller.call(Call.ACCEPT4, "", listening.number(), 0, 0, SOCK_CLOEXEC)));
        } catch (SyscallException e) {
            // accept(2): network errors of the waiting connection count as "try again".
            return Optional.empty();
        }
    }

    public Peer peer(Fd connection) {
        Scratch.Slot credentials = scratch.begin().room(12);
        Scratch.Slot length = scratch.room(8);
        length.putInt(0, 12);
        caller.call(
                Call.GETSOCKOPT,
                "SO_PEERCRED",
                connection.number(),
                SOL_SOCKET,
                SO_PEERCRED,
                credentials.address(),
                length.address());
        return new Peer(
                credentials.getInt(0),
                Integer.toUnsignedLong(credentials.getInt(4)),
                Integer.toUnsignedLong(credentials.getInt(8)));
    }

    /** Whether the other side has closed the connection; does not wait. */
    public boolean hasEnded(Fd connection) {
        int hungUp = 0x2000 | 0x10;
        return caller.isReady(connection, hungUp, 0);
    }

    /**
     * Receives one packet.
     *
     * @return empty at the end of the connection, and when nothing came in time
     * @throws SyscallException also (EMSGSIZE) for a packet that is longer or that carries descriptors
     */
    public Optional<byte[]> receive(Fd connection, int most, long milliseconds) {
        Optional<ReceivedAll> received = receiveAll(connection, most, 0, milliseconds);
        return received.isPresent() ? Optional.of(received.get().packet()) : Optional.empty();
    }

    /** A packet with its descriptor, which the receiver closes. */
    public record Received(byte[] packet, Optional<Fd> passed) {}

    /**
     * Like {@link #receive}, but the packet may carry a descriptor.
     *
     * @throws SyscallException also (EMSGSIZE) for a packet that carries more
     */
    public Optional<Received> receiveWithDescriptor(Fd connection, int most, long milliseconds) {
        Optional<ReceivedAll> received = receiveAll(connection, most, 1, milliseconds);
        if (received.isEmpty()) {
            return Optional.empty();
        }
        List<Fd> passed = received.get().passed();
        return Optional.of(new Received(
                received.get().packet(), passed.isEmpty() ? Optional.empty() : Optional.of(passed.get(0))));
    }

    /** A packet with its descriptors in order, which the receiver closes. */
    public record ReceivedAll(byte[] packet, List<Fd> passed) {}

    /**
     * Like {@link #receive}, but the packet may carry descriptors.
     *
     * @throws SyscallException also (EMSGSIZE) for a packet that carries more than the limit
     */
    public Optional<ReceivedAll> receiveAll(Fd connection, int most, int mostPassed, long milliseconds) {
        if (!caller.isReady(connection, POLLIN, milliseconds)) {
            return Optional.empty();
        }
        Scratch.Slot header = scratch.begin().room(MSGHDR);
        Scratch.Slot vector = scratch.room(16);
        Scratch.Slot data = scratch.room(most);
        // The size must be exact, because one descriptor more would fit into the padding. The kernel closes descriptors
        // that do not fit, and sets MSG_CTRUNC.
        int control = mostPassed == 0 ? 0 : CONTROL + 4 * mostPassed;
        Scratch.Slot passed = scratch.room(CONTROL + 4 * mostPassed);
        vector.putLong(0, data.address());
        vector.putLong(8, most);
        header.putLong(16, vector.address());
        header.putLong(24, 1);
        header.putLong(32, control == 0 ? 0 : passed.address());
        header.putLong(40, control);
        long length = caller.call(
                Call.RECVMSG, "", connection.number(), header.address(), MSG_CMSG_CLOEXEC | MSG_DONTWAIT, 0);
        List<Fd> descriptors = descriptorsIn(header, passed);
        if ((header.getInt(48) & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
            closeAll(descriptors);
            throw new SyscallException("recvmsg", "", Errno.EMSGSIZE);
        }
        if (length == 0) {
            // An empty packet may carry descriptors, too.
            closeAll(descriptors);
            return Optional.empty();
        }
        return Optional.of(new ReceivedAll(data.getBytes(0, (int) length), descriptors));
    }

    private List<Fd> descriptorsIn(Scratch.Slot header, Scratch.Slot control) {
        List<Fd> descriptors = new ArrayList<>();
        if (header.getLong(40) > CONTROL && control.getInt(8) == SOL_SOCKET && control.getInt(12) == SCM_RIGHTS) {
            for (int at = CONTROL; at + 4 <= control.getLong(0); at += 4) {
                descriptors.add(caller.descriptor(control.getInt(at)));
            }
        }
        return descriptors;
    }

    private static void closeAll(List<Fd> files) {
        for (Fd file : files) {
            file.close();
        }
    }

    /** A pipe: the first end reads what is written to the other. */
    public Pair pipe() {
        Scratch.Slot ends = scratch.begin().room(8);
        caller.call(Call.PIPE2, "", ends.address(), SOCK_CLOEXEC);
        return new Pair(caller.descriptor(ends.getInt(0)), caller.descriptor(ends.getInt(4)));
    }

    /** Whether this is the reading end of a pipe, and can be nothing else; fcntl(2). */
    public boolean readsAPipe(Fd file) {
        try {
            caller.call(Call.FCNTL, "F_GETPIPE_SZ", file.number(), F_GETPIPE_SZ);
            return (caller.call(Call.FCNTL, "F_GETFL", file.number(), F_GETFL) & O_ACCMODE) == 0;
        } catch (SyscallException e) {
            return false;
        }
    }

    /** Sends one packet, with a descriptor if there is one. Never blocks. */
    public void send(Fd connection, byte[] packet, Optional<Fd> passed) {
        int count = passed.isPresent() ? 1 : 0;
        Scratch.Slot control = begin(packet, count);
        if (count == 1) {
            control.putInt(16, passed.get().number());
        }
        send(connection);
    }

    /** Sends one packet with descriptors. Never blocks. */
    public void send(Fd connection, byte[] packet, List<Fd> passed) {
        Scratch.Slot control = begin(packet, passed.size());
        for (int i = 0; i < passed.size(); i++) {
            control.putInt(16 + 4 * i, passed.get(i).number());
        }
        send(connection);
    }

    /** A message's header and data; returns its room for descriptors. */
    private Scratch.Slot begin(byte[] packet, int descriptors) {
        header = scratch.begin().room(MSGHDR);
        Scratch.Slot vector = scratch.room(16);
        Scratch.Slot data = scratch.room(packet.length);
        data.putBytes(0, packet);
        vector.putLong(0, data.address());
        vector.putLong(8, packet.length);
        header.putLong(16, vector.address());
        header.putLong(24, 1);
        int length = 16 + 4 * descriptors;
        Scratch.Slot control = scratch.room((length + 7) & ~7);
        if (descriptors > 0) {
            control.putLong(0, length);
            control.putInt(8, (int) SOL_SOCKET);
            control.putInt(12, SCM_RIGHTS);
            header.putLong(32, control.address());
            header.putLong(40, (length + 7) & ~7);
        }
        return control;
    }

    private void send(Fd connection) {
        caller.call(Call.SENDMSG, "", connection.number(), header.address(), MSG_NOSIGNAL | MSG_DONTWAIT, 0);
    }

    /** A sealed file in memory, to be read from its beginning. */
    public Fd memory(String name, byte[] content) {
        long mayBeSealed = 3;
        Fd memory = caller.descriptor(
                caller.call(Call.MEMFD_CREATE, "", scratch.begin().text(name), mayBeSealed));
        for (int at = 0; at < content.length; ) {
            byte[] part = Arrays.copyOfRange(content, at, Math.min(content.length, at + 8192));
            Scratch.Slot data = scratch.begin().room(part.length);
            data.putBytes(0, part);
            at += (int) caller.call(Call.PWRITE64, "", memory.number(), data.address(), part.length, at);
        }
        long allSeals = 15;
        caller.call(Call.FCNTL, "F_ADD_SEALS", memory.number(), F_ADD_SEALS, allSeals, 0);
        return memory;
    }

    /**
     * Sends a datagram of any length: if the socket does not take it, it is sent as a sealed file in memory,
     * systemd.journal-fields(7).
     */
    public void sendDatagram(Fd socket, byte[] datagram) {
        if (datagram.length <= 8192) {
            send(socket, datagram, Optional.empty());
            return;
        }
        try (Fd memory = memory("jns-journal", datagram)) {
            send(socket, new byte[0], Optional.of(memory));
        }
    }

    @Override
    public void close(int number) {
        caller.close(number);
    }
}
