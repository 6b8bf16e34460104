/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/60-two-programs.md */
/* jns-join KIND NAME FILE ARGV0 [ARGUMENT...]
 *
 * Runs FILE in a view that the daemon hands out to the user who asks. This is the only program of jns with file capabilities:
 * CAP_DAC_OVERRIDE to reach the daemon's socket, CAP_SYS_ADMIN and CAP_SYS_CHROOT for setns(2), each effective only where it is
 * used. It reads no option, no user-owned file and no environment. KIND and NAME go to the daemon unchanged. The daemon learns
 * from the kernel which user asks, unix(7) SO_PEERCRED, and decides. jns-join accepts descriptors only from root.
 *
 * Exit status: that of FILE; 126 and 127 if FILE cannot be run; 125 if nothing was run. */
#include "child.h"
#include "fd.h"
#include "signals.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef JOIN_SOCKET
#define JOIN_SOCKET "/run/jns/jnsd.sock"
#endif

enum { ARG_KIND = 1, ARG_NAME, ARG_FILE, ARG_ARGV0, MOST_NAMESPACES = 7, WITHIN_S = 15, CANNOT = 125, NOT_RUNNABLE = 126, NOT_FOUND = 127 };

static _Noreturn void __attribute__((format(printf, 1, 2))) fail(const char *format, ...)
{
    va_list arguments;

    fputs("jns-join: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    _exit(CANNOT);
}

/* Makes the wanted capabilities effective, as far as this program has them; the others stay permitted. */
static void use_capabilities(uint64_t wanted)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct set[2];

    if (syscall(SYS_capget, &header, set) < 0)
        fail("cannot read its capabilities: %m");
    for (int i = 0; i < 2; i++)
        set[i].effective = set[i].permitted & (uint32_t)(wanted >> (32 * i));
    if (syscall(SYS_capset, &header, set) < 0)
        fail("cannot set its capabilities: %m");
}

/* Drops them for good: the command has only what the user has. An empty permitted set empties the ambient set too, capabilities(7). */
static void drop_capabilities(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } }, set[2];

    if (syscall(SYS_capset, &header, none) < 0 || syscall(SYS_capget, &header, set) < 0 || memcmp(set, none, sizeof set) != 0)
        fail("cannot drop its capabilities");
}

static int connect_to_daemon(void)
{
    const struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = JOIN_SOCKET };
    const struct timeval within = { .tv_sec = WITHIN_S };
    struct ucred peer;
    socklen_t size = sizeof peer;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &within, sizeof within) < 0
        || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within) < 0)
        fail("cannot make a socket: %m");
    use_capabilities(UINT64_C(1) << CAP_DAC_OVERRIDE);
    int result = connect(fd, (const struct sockaddr *)&to, sizeof to);
    use_capabilities(0);
    if (result < 0)
        fail("cannot connect to %s: %m; %s", JOIN_SOCKET,
             errno == EACCES ? "jns-join has no capabilities here (no_new_privs, a user namespace, or an installation without them)"
                             : "jnsd does not run");
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || peer.uid != 0)
        fail("cannot trust %s: uid 0 does not listen there", JOIN_SOCKET);
    return fd;
}

/* Every descriptor that came is open in this process by now; if anything is wrong with them, the process ends. */
static size_t take_descriptors(struct msghdr *message, int fds[MOST_NAMESPACES])
{
    size_t count = 0;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            fail("cannot use the answer: it came with something else than descriptors");
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
            if (count == MOST_NAMESPACES)
                fail("cannot use the answer: it came with too many descriptors");
            memcpy(&fds[count++], (const unsigned char *)c + at, sizeof(int));
        }
    }
    return count;
}

static size_t ask(int daemon, const char *kind, const char *name, int fds[MOST_NAMESPACES])
{
    static unsigned char packet[WIRE_MAX + 1];
    static struct wire_reply reply;
    union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE((MOST_NAMESPACES + 1) * sizeof(int))];
    } control;
    struct iovec vector = { .iov_base = packet, .iov_len = sizeof packet };
    struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
    size_t length = wire_encode_join(packet, kind, name);
    ssize_t n;

    if (length == 0)
        fail("cannot ask for that view: its name is too long, or no text");
    if (send(daemon, packet, length, MSG_NOSIGNAL) != (ssize_t)length)
        fail("cannot ask jnsd: %m");
    do
        n = recvmsg(daemon, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        fail("cannot read jnsd's answer: %m");
    if (n == 0)
        fail("jnsd has given no answer");
    size_t count = take_descriptors(&message, fds);
    if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        fail("cannot use the answer: it is not whole");
    const char *problem = wire_decode_reply(packet, (size_t)n, &reply);
    if (problem != NULL)
        fail("cannot use the answer: %s", problem);
    if (reply.type == WIRE_REFUSED)
        fail("%s", reply.text);
    if (reply.type != WIRE_JOINED || count == 0)
        fail("cannot use the answer: it brings no view");
    if (reply.text[0] != '\0')
        fprintf(stderr, "jns-join: %s\n", reply.text);
    return count;
}

/* The kind of a namespace that belongs to this process's user namespace; the owner of that one decides every mount in it. */
static int kind_of(int fd, const struct stat *own)
{
    struct statfs fs;
    struct stat owner;
    int kind = fstatfs(fd, &fs) == 0 && fs.f_type == NSFS_MAGIC ? ioctl(fd, NS_GET_NSTYPE) : -1;
    int user = kind < 0 ? -1 : ioctl(fd, NS_GET_USERNS);

    if (user < 0 || fstat(user, &owner) < 0 || owner.st_dev != own->st_dev || owner.st_ino != own->st_ino)
        fail("cannot use the answer: it brings something else than namespaces of this machine");
    close(user);
    return kind;
}

/* What the kernel knows of /, without a question to a file system. */
static struct statx look_at_root(void)
{
    struct statx st;

    if (statx(AT_FDCWD, "/", AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_INO, &st) < 0)
        fail("cannot look at /: %m");
    return st;
}

/* setns(2) leads to the root of the namespace: a process in a chroot, or in a container with the daemon's socket, must not come out. */
static void refuse_other_root(const struct statx *before)
{
    struct statx now = look_at_root();

    if (before->stx_dev_major != now.stx_dev_major || before->stx_dev_minor != now.stx_dev_minor || before->stx_ino != now.stx_ino)
        fail("cannot enter the view: its / is not the one here, and the command would leave this chroot or container");
}

/* Returns whether a PID namespace is among them, because only a child is in that. The mount namespace comes last: after it this process no
 * longer sees the files of this machine. */
static bool enter(const int *fds, size_t count)
{
    int kinds[MOST_NAMESPACES], all = 0;
    struct stat own;

    if (stat("/proc/self/ns/user", &own) < 0)
        fail("cannot read /proc/self/ns/user: %m");
    for (size_t i = 0; i < count; i++) {
        kinds[i] = kind_of(fds[i], &own);
        if ((all & kinds[i]) != 0)
            fail("cannot use the answer: it brings two namespaces of one kind");
        all |= kinds[i];
    }
    if (kinds[0] != CLONE_NEWNS)
        fail("cannot use the answer: it brings no mount namespace");
    struct statx root = look_at_root();
    use_capabilities(UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_SYS_CHROOT);
    for (size_t i = count; i-- > 0;)
        if (setns(fds[i], kinds[i]) < 0)
            fail("cannot enter the view: %m");
    drop_capabilities();
    refuse_other_root(&root);
    return (all & CLONE_NEWPID) != 0;
}

/* Returns in a child; the process itself waits for the child, as jns-start does. */
static void leave_to_child(void)
{
    struct sigaction child_action;
    int status;

    signals_remember(&child_action);
    child_expect(PASS_ALL);
    pid_t child = fork();
    if (child < 0)
        fail("cannot make a process: %m");
    if (child > 0) {
        if ((status = child_wait(child, PASS_ALL, false)) < 0)
            fail("cannot wait for the command: %m");
        end_as(status);
    }
    signals_restore(&child_action);
}

/* The environment as the caller gave it. The C library removes LD_LIBRARY_PATH and similar variables from a program with capabilities,
 * and the command has no capabilities. The kernel lays these strings out after those of the arguments, up to the name of the file,
 * execve(2). */
static char **environment(int argc, char **argv)
{
    char *at = argv[argc - 1] + strlen(argv[argc - 1]) + 1, *end = (char *)getauxval(AT_EXECFN);
    size_t count = 0;

    for (char *s = at; s < end; s += strlen(s) + 1)
        count++;
    char **all = calloc(count + 1, sizeof *all);
    if (all == NULL)
        fail("cannot keep the environment: %m");
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
        all[i] = at;
    return all;
}

extern char **environ;

int main(int argc, char **argv)
{
    char folder[PATH_MAX];
    int fds[MOST_NAMESPACES];

    use_capabilities(0);
    /* With one of 0, 1 and 2 closed, the connection would be what the command reads or writes. */
    if (!fd_fill_standard())
        _exit(CANNOT);
    if (argc <= ARG_ARGV0)
        fail("usage: jns-join KIND NAME FILE ARGV0 [ARGUMENT...]; it is run by jnsenter and jnsrun");
    /* By system call: if the folder is out of reach, getcwd(3) would go up through the folders around it, and ask their file systems. */
    bool known = syscall(SYS_getcwd, folder, sizeof folder) > 0 && folder[0] == '/';
    int daemon = connect_to_daemon();
    size_t count = ask(daemon, argv[ARG_KIND], argv[ARG_NAME], fds);
    bool forks = enter(fds, count);
    if ((!known || chdir(folder) < 0) && chdir("/") < 0)
        fail("cannot go to / in the view: %m");
    /* At the time of the fork this process has nothing left that the user could take over. */
    if (forks)
        leave_to_child();
    environ = environment(argc, argv);
    execvp(argv[ARG_FILE], argv + ARG_ARGV0);
    fprintf(stderr, "jns-join: cannot run %s: %m\n", argv[ARG_FILE]);
    return errno == ENOENT ? NOT_FOUND : NOT_RUNNABLE;
}
