/* SPDX-License-Identifier: Apache-2.0 */
/* volume-program HOW TARGET: the smallest FUSE program. It mounts by fusermount3(1) as libfuse does, and behaves as it is
 * told. It serves an empty folder.
 *
 *   serve      goes into the background once it is mounted, and ends when it is unmounted or asked to
 *   stay       the same in the foreground, and prints more than anybody reads
 *   stubborn   as serve, but after the first look at it takes no request any more, and no SIGTERM
 *   silent     takes no request from the beginning
 *   vanish     goes into the background, and mounts nothing
 *   fail       fails once it is mounted */
#include <errno.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int mount_at(const char *target)
{
    int ends[2], status, fuse = -1;
    char text[16], byte;
    union {
        struct cmsghdr header;
        unsigned char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return -1;
    snprintf(text, sizeof text, "%d", ends[0]);
    setenv("_FUSE_COMMFD", text, 1);
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        execlp("fusermount3", "fusermount3", "-o", "rw,nosuid,nodev,subtype=test", "--", target, (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    if (recvmsg(ends[1], &msg, MSG_CMSG_CLOEXEC) > 0 && CMSG_FIRSTHDR(&msg) != NULL)
        memcpy(&fuse, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof fuse);
    waitpid(child, &status, 0);
    close(ends[1]);
    return status == 0 ? fuse : -1;
}

static int answer(int fuse, const struct fuse_in_header *in, int error, const void *body, size_t size)
{
    unsigned char packet[512];
    struct fuse_out_header out = { .len = (__u32)(sizeof out + size), .error = error, .unique = in->unique };

    memcpy(packet, &out, sizeof out);
    memcpy(packet + sizeof out, body, size);
    return write(fuse, packet, out.len) == (ssize_t)out.len ? 0 : -1;
}

static void serve(int fuse, bool looked_at_once)
{
    static unsigned char request[1 << 17];
    const struct fuse_in_header *in = (const void *)request;

    for (;;) {
        ssize_t n = read(fuse, request, sizeof request);

        if (n < 0 && errno == ENODEV)
            exit(0);
        if (n < (ssize_t)sizeof *in)
            continue;
        if (in->opcode == FUSE_INIT) {
            const struct fuse_init_out out = { .major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096 };
            answer(fuse, in, 0, &out, sizeof out);
        } else if (in->opcode == FUSE_GETATTR) {
            const struct fuse_attr_out out = { .attr_valid = 1,
                                               .attr = { .ino = 1, .mode = S_IFDIR | 0700, .nlink = 2, .uid = getuid(), .gid = getgid() } };
            answer(fuse, in, 0, &out, sizeof out);
            if (looked_at_once)
                return;
        } else if (in->opcode == FUSE_OPENDIR) {
            const struct fuse_open_out out = { .fh = 1 };
            answer(fuse, in, 0, &out, sizeof out);
        } else if (in->opcode == FUSE_READDIR || in->opcode == FUSE_RELEASEDIR || in->opcode == FUSE_ACCESS)
            answer(fuse, in, 0, "", 0);
        else if (in->opcode != FUSE_FORGET && in->opcode != FUSE_BATCH_FORGET)
            answer(fuse, in, in->opcode == FUSE_LOOKUP ? -ENOENT : -ENOSYS, "", 0);
    }
}

static _Noreturn void babble(void)
{
    for (;;)
        puts("one more line that nobody reads");
}

int main(int argc, char **argv)
{
    int fuse = argc == 3 ? mount_at(argv[2]) : -1;

    if (fuse < 0)
        return 1;
    if (strcmp(argv[1], "fail") == 0) {
        puts("failed after all");
        return 3;
    }
    if (strcmp(argv[1], "stay") == 0) {
        if (fork() == 0)
            babble();
        serve(fuse, false);
    }
    if (daemon(0, 0) < 0)
        return 1;
    if (strcmp(argv[1], "vanish") == 0)
        return 0;
    if (argv[1][0] == 's' && argv[1][1] != 'e') {
        signal(SIGTERM, SIG_IGN);
        if (strcmp(argv[1], "stubborn") == 0)
            serve(fuse, true);
        for (;;)
            pause();
    }
    serve(fuse, false);
}
