// SPDX-License-Identifier: Apache-2.0
// old-kernel COMMAND...: runs COMMAND where the kernel answers as Linux 5.14 does, as far as a seccomp filter can tell. What came later is
// refused with the error that 5.14 has for it: so the ways around are taken that otherwise an old kernel alone would show.
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ARGUMENT(number) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (number))
#define UNLESS_EQUAL(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skip))
#define UNLESS_AT_LEAST(value, skip) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (value), 0, (skip))
#define UNLESS_ANY_OF(bits, skip) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, (skip))
#define ANSWER(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

enum {
    FIRST_NEW_CALL = 448, // process_mrelease(2), 5.15
    SET_BINARY = 2,       // fsconfig(2) of what is mounted the old way, as overlayfs was before 6.5, takes text alone
    SET_FD = 5,
    FLAGS_5_14 = 0x77,   // of move_mount(2)
    NSFS = 0xb7, // what ioctl_ns(2) begins with; four are old
    // Newer, and let through: jns must know which numbers namespaces have on a kernel that counts as Linux 6.18 does.
    NUMBER_OF_MOUNTS = 5,
    PIDFS = 0xff,
    PEER_PIDFD = 77,
    NONBLOCK = 04000,
};

int main(int argc, char **argv)
{
    struct sock_filter filter[] = {
        LOAD(nr),
        UNLESS_AT_LEAST(FIRST_NEW_CALL, 1),
        ANSWER(ENOSYS),

        UNLESS_EQUAL(SYS_fsconfig, 5),
        ARGUMENT(1),
        UNLESS_AT_LEAST(SET_BINARY, 2),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, SET_FD, 1, 0),
        ANSWER(EOPNOTSUPP),
        ALLOW,

        UNLESS_EQUAL(SYS_move_mount, 4),
        ARGUMENT(4),
        UNLESS_ANY_OF(~(unsigned)FLAGS_5_14, 1),
        ANSWER(EINVAL),
        ALLOW,

        UNLESS_EQUAL(SYS_pidfd_open, 4),
        ARGUMENT(1),
        UNLESS_ANY_OF(~(unsigned)NONBLOCK, 1),
        ANSWER(EINVAL),
        ALLOW,

        UNLESS_EQUAL(SYS_getsockopt, 4),
        ARGUMENT(2),
        UNLESS_EQUAL(PEER_PIDFD, 1),
        ANSWER(ENOPROTOOPT),
        ALLOW,

        UNLESS_EQUAL(SYS_ioctl, 9),
        ARGUMENT(1),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffff),
        UNLESS_AT_LEAST(PIDFS << 8, 1),
        ANSWER(ENOTTY),
        UNLESS_AT_LEAST((NSFS << 8) + NUMBER_OF_MOUNTS + 1, 3),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (NSFS << 8) + 0xff, 1, 0),
        ANSWER(ENOTTY),
        ALLOW,
        ALLOW,

        ALLOW,
    };
    struct sock_fprog program = { .len = sizeof filter / sizeof filter[0], .filter = filter };
    if (argc < 2) {
        fprintf(stderr, "usage: old-kernel COMMAND...\n");
        return 2;
    }
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
        perror("old-kernel: cannot set the filter");
        return 2;
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
