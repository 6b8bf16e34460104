/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/08-other-namespaces.md */
/* jns-spaces KINDS HOSTNAME LEADER PROCS
 *
 * Makes namespaces for a view, which is the mount namespace that it starts in. It is a separate program, because the daemon's
 * threads can make no time namespace and no process in a PID namespace. It is linked statically, because the view may have
 * other libraries.
 *
 *   KINDS      ipc, uts, net, pid, cgroup, time; with commas, each once
 *   HOSTNAME   of the uts namespace, "-" for none
 *   LEADER     the process that logs in: the root of the cgroup namespace is where it is
 *   PROCS      how many file systems of type proc are wanted for the PID namespace
 *   0, 2       the host's /proc and /sys/fs/cgroup, opened before the view was begun
 *   1          a socket of packets. One is sent: what went wrong, empty if nothing did; a line feed; the number of the PID
 *              namespace's process 1 as the sender of the request sees it, empty if there is none. With it come the
 *              namespaces, in the order of KINDS, and PROCS contexts of fsopen(2): proc is of the PID namespace in which that
 *              call is made, and of no other.
 *
 * With pid among KINDS, process 1 stays: it reaps orphans, and has no files, no rights and no terminal. Until a byte comes
 * back on the socket it ends when the other end of the socket closes; from then on only kill(2) ends it, and with it all
 * processes of its namespace. */
#include "spaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "reset.h"

enum { ARG_KINDS = 1, ARG_HOSTNAME, ARG_LEADER, ARG_PROCS, ARGUMENTS };
enum { MOST_PROCS = 16, MOST_HOSTNAME = 64 };

static const struct kind {
    const char *name, *file, *limit;
    int flag;
} kinds[] = {
    { "ipc", "self/ns/ipc", "ipc", CLONE_NEWIPC },
    { "uts", "self/ns/uts", "uts", CLONE_NEWUTS },
    { "net", "self/ns/net", "net", CLONE_NEWNET },
    /* The namespace of process 1, which is the first process in it. */
    { "pid", "self/ns/pid", "pid", CLONE_NEWPID },
    { "cgroup", "self/ns/cgroup", "cgroup", CLONE_NEWCGROUP },
    /* The process that makes it is not in it, time_namespaces(7). */
    { "time", "self/ns/time_for_children", "time", CLONE_NEWTIME },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct wanted {
    const struct kind *kind[KINDS];
    int count;
    int flags;
    const char *hostname, *leader;
    int procs;
};

static void send_report(const char *trouble, const char *pid, const int *fds, size_t count)
{
    char packet[600];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE((KINDS + MOST_PROCS) * sizeof(int))];
    } control;
    int length = snprintf(packet, sizeof packet, "%.500s\n%.20s", trouble, pid);
    struct iovec iov = { .iov_base = packet, .iov_len = (size_t)length };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

    if (count > 0) {
        msg.msg_control = control.bytes;
        msg.msg_controllen = CMSG_SPACE(count * sizeof(int));
        memset(&control, 0, sizeof control);
        struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(c), fds, count * sizeof(int));
    }
    if (sendmsg(REPORT, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        _exit(1);
}

static _Noreturn void __attribute__((format(printf, 1, 2))) give_up(const char *format, ...)
{
    char text[500];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    send_report(text, "", NULL, 0);
    _exit(1);
}

static const struct kind *kind_named(const char *name, size_t length)
{
    for (int i = 0; i < KINDS; i++)
        if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, name, length) == 0)
            return &kinds[i];
    return NULL;
}

static bool read_kinds(const char *text, struct wanted *w)
{
    for (;;) {
        size_t length = strcspn(text, ",");
        const struct kind *kind = kind_named(text, length);

        if (kind == NULL || (w->flags & kind->flag) != 0)
            return false;
        w->kind[w->count++] = kind;
        w->flags |= kind->flag;
        if (text[length] == '\0')
            return true;
        text += length + 1;
    }
}

static bool read_number(const char *text, long most, long *number)
{
    char *end;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *number = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' && *number <= most;
}

static bool read_wanted(char **argv, struct wanted *w)
{
    long procs, leader;

    w->hostname = argv[ARG_HOSTNAME];
    w->leader = argv[ARG_LEADER];
    if (!read_kinds(argv[ARG_KINDS], w) || !read_number(w->leader, 1L << 30, &leader) || !read_number(argv[ARG_PROCS], MOST_PROCS, &procs))
        return false;
    w->procs = (int)procs;
    if (procs > 0 && (w->flags & CLONE_NEWPID) == 0)
        return false;
    if (strcmp(w->hostname, "-") == 0)
        w->hostname = NULL;
    else if (w->hostname[0] == '\0' || strlen(w->hostname) > MOST_HOSTNAME || (w->flags & CLONE_NEWUTS) == 0)
        return false;
    return true;
}

/* A socket of any family can bring the interface up in the namespace in which it was made. AF_UNIX needs no networking. */
static bool loopback_up(void)
{
    struct ifreq lo = { .ifr_name = "lo" };
    int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (s < 0 || ioctl(s, SIOCGIFFLAGS, &lo) < 0)
        return false;
    lo.ifr_flags |= IFF_UP;
    if (ioctl(s, SIOCSIFFLAGS, &lo) < 0)
        return false;
    close(s);
    return true;
}

static void make(const struct wanted *w)
{
    for (int i = 0; i < w->count; i++) {
        const struct kind *kind = w->kind[i];
        bool made = kind->flag == CLONE_NEWCGROUP ? spaces_unshare_cgroup(w->leader) : unshare(kind->flag) == 0;

        if (made)
            continue;
        if (errno == ENOSPC)
            give_up("cannot make a %s namespace: %m; raise /proc/sys/user/max_%s_namespaces", kind->name, kind->limit);
        give_up("cannot make a %s namespace: %m%s", kind->name, errno == EINVAL ? "; this kernel has none" : "");
    }
    if (w->hostname != NULL && sethostname(w->hostname, strlen(w->hostname)) < 0)
        give_up("cannot set the host name %s: %m", w->hostname);
    if ((w->flags & CLONE_NEWNET) != 0 && !loopback_up())
        give_up("cannot bring the loopback interface up: %m");
}

/* Called by a process that is in all of them. */
static void hand_over(const struct wanted *w, const char *pid)
{
    int fds[KINDS + MOST_PROCS];
    size_t count = 0;

    for (int i = 0; i < w->count; i++) {
        const struct kind *kind = w->kind[i];
        /* A process that was started after the namespace was made is in it. */
        const char *file = kind->flag == CLONE_NEWTIME && pid[0] != '\0' ? "self/ns/time" : kind->file;

        fds[count] = openat(PROC, file, O_RDONLY | O_CLOEXEC);
        if (fds[count++] < 0)
            give_up("cannot open the new %s namespace: %m", kind->name);
    }
    for (int i = 0; i < w->procs; i++) {
        fds[count] = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);
        if (fds[count++] < 0)
            give_up("cannot make a proc file system: %m");
    }
    send_report("", pid, fds, count);
}

/* Drops every right that this process started with, so that nobody can take one from process 1. */
static bool drop_rights(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[2] = { 0 };

    return prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_capset, &header, none) == 0;
}

/* Runs as process 1. Signals from inside the namespace do not reach it, because it has no handlers, pid_namespaces(7); because it ignores
 * SIGCHLD, the kernel itself reaps children, wait(2). */
static _Noreturn void stay(const struct wanted *w, char **argv)
{
    char outside[32], byte;
    ssize_t n = readlinkat(PROC, "self", outside, sizeof outside - 1);
    size_t shown = (size_t)(argv[ARGUMENTS - 1] + strlen(argv[ARGUMENTS - 1]) - argv[0]);

    if (n <= 0)
        give_up("cannot read the process's number: %m; is /proc mounted?");
    outside[n] = '\0';
    hand_over(w, outside);
    if (!drop_rights())
        _exit(1);
    if (recv(REPORT, &byte, 1, 0) != 1)
        _exit(1);
    prctl(PR_SET_NAME, "jns-init");
    memset(argv[0], 0, shown);
    snprintf(argv[0], shown, "jns-init");
    close_range(0, ~0U, 0);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    struct wanted w = { .count = 0 };

    if (argc != ARGUMENTS)
        return 2;
    if (!fd_has_standard())
        return 2;
    if (!read_wanted(argv, &w))
        return 2;
    /* In a separate session: without a terminal, and jnsd --once may be killed with its process group. */
    if (close_range(FIRST_FOREIGN, ~0U, 0) < 0 || chdir("/") < 0 || (setsid() < 0 && getpgrp() != getpid()))
        return 1;
    reset_signals();
    signal(SIGCHLD, SIG_IGN);
    make(&w);
    if ((w.flags & CLONE_NEWPID) == 0) {
        hand_over(&w, "");
        _exit(0);
    }
    pid_t child = fork();
    if (child < 0)
        give_up("cannot make the first process of the PID namespace: %m");
    if (child == 0)
        stay(&w, argv);
    /* Not exit(3): the C library may need threads for it, and there are none after the namespaces were made. */
    _exit(0);
}
