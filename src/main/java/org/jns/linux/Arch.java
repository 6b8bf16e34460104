// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/** The differences between the architectures: system call numbers and the layout of one structure. */
enum Arch {
    X86_64(false),
    AARCH64(true);

    /** asm-generic numbers (aarch64) or the x86 table. */
    private final boolean generic;

    static final Arch HERE = named(System.getProperty("os.arch"));

    Arch(boolean generic) {
        this.generic = generic;
    }

    static Arch named(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> throw new UnsupportedOperationException("jns does not know the system calls of " + osArch);
        };
    }

    long number(Call call) {
        return generic ? call.generic : call.x86;
    }

    /** struct epoll_event is packed only on x86-64, epoll_ctl(2). */
    int epollEventSize() {
        return this == X86_64 ? 12 : 16;
    }

    int epollDataOffset() {
        return this == X86_64 ? 4 : 8;
    }

    /** The calls, with their numbers in the x86 table and in the generic one. */
    enum Call {
        READ(0, 63),
        WRITE(1, 64),
        PWRITE64(18, 68),
        CLOSE(3, 57),
        PPOLL(271, 73),
        FCNTL(72, 25),
        FLOCK(73, 32),
        FSYNC(74, 82),
        KILL(62, 129),
        WAITID(247, 95),
        SOCKET(41, 198),
        SOCKETPAIR(53, 199),
        CONNECT(42, 203),
        SENDMSG(46, 211),
        RECVMSG(47, 212),
        BIND(49, 200),
        LISTEN(50, 201),
        GETSOCKOPT(55, 209),
        ACCEPT4(288, 242),
        GETDENTS64(217, 61),
        FCHMOD(91, 52),
        FCHMODAT(268, 53),
        FCHOWNAT(260, 54),
        MKDIRAT(258, 34),
        UNLINKAT(263, 35),
        SYMLINKAT(266, 36),
        READLINKAT(267, 78),
        RENAMEAT2(316, 276),
        STATX(332, 291),
        FSTATFS(138, 44),
        UTIMENSAT(280, 88),
        SETPRIORITY(141, 140),
        UNSHARE(272, 97),
        SETNS(308, 268),
        UMOUNT2(166, 39),
        MOUNT(165, 40),
        PIVOT_ROOT(155, 41),
        CHROOT(161, 51),
        CHDIR(80, 49),
        FCHDIR(81, 50),
        CLOCK_GETTIME(228, 113),
        PIDFD_SEND_SIGNAL(424, 424),
        PIDFD_OPEN(434, 434),
        IOCTL(16, 29),
        SCHED_SETAFFINITY(203, 122),
        SCHED_GETAFFINITY(204, 123),
        SENDFILE(40, 71),
        EVENTFD2(290, 19),
        TIMERFD_CREATE(283, 85),
        TIMERFD_SETTIME(286, 86),
        EPOLL_CREATE1(291, 20),
        EPOLL_CTL(233, 21),
        EPOLL_PWAIT(281, 22),
        PIPE2(293, 59),
        MEMFD_CREATE(319, 279),
        OPEN_TREE(428, 428),
        MOVE_MOUNT(429, 429),
        FSOPEN(430, 430),
        FSCONFIG(431, 431),
        FSMOUNT(432, 432),
        OPENAT2(437, 437),
        MOUNT_SETATTR(442, 442);

        private final int x86;
        private final int generic;

        Call(int x86, int generic) {
            this.x86 = x86;
            this.generic = generic;
        }
    }
}
