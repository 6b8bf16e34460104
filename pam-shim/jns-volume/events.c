/* SPDX-License-Identifier: Apache-2.0 */
#include "volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

enum { ROUND_MS = 20 };

static void reap(struct volume *v)
{
    struct signalfd_siginfo info;
    int status;
    pid_t pid;

    while (read(v->children, &info, sizeof info) > 0)
        continue;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (pid == v->program) {
            v->program = 0;
            v->program_ended = true;
            v->program_status = status;
        }
    v->alone = pid < 0 && errno == ECHILD;
}

/* Keeps the beginning of the output and drops the rest, as long as any process can write: a program with much output must not block. */
static void take_output(struct volume *v)
{
    char part[4096];
    ssize_t n = read(v->output, part, sizeof part);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        close(v->output);
        v->output = -1;
        return;
    }
    size_t room = sizeof v->said - v->said_length, take = (size_t)n < room ? (size_t)n : room;
    memcpy(v->said + v->said_length, part, take);
    v->said_length += take;
}

/* The daemon closes its end when it has read the report, or when it has said that the volume has an owner. If it did neither, nobody knows
 * of the volume; the kernel reports an unread report as an error. */
static bool is_abandoned(struct volume *v)
{
    int error = 0;
    socklen_t size = sizeof error;
    char word;

    if (v->told && v->call.keep && recv(v->daemon, &word, sizeof word, MSG_DONTWAIT) <= 0)
        return true;
    if (!v->told || getsockopt(v->daemon, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0)
        return true;
    v->daemon = -1;
    return false;
}

enum event next_event(struct volume *v, long until)
{
    enum { TERMINATE, CHILDREN, DAEMON, TABLE, OUTPUT, ALL };

    for (;;) {
        struct pollfd of[ALL] = {
            [TERMINATE] = { .fd = v->ending ? -1 : v->terminate, .events = POLLIN },
            [CHILDREN] = { .fd = v->children, .events = POLLIN },
            [DAEMON] = { .fd = v->ending ? -1 : v->daemon, .events = v->call.keep ? POLLIN | POLLRDHUP : POLLRDHUP },
            [TABLE] = { .fd = v->table, .events = POLLPRI },
            [OUTPUT] = { .fd = v->output, .events = POLLIN },
        };
        long left = until - now_ms();

        if (poll(of, ALL, until < 0 ? -1 : left > 0 ? (int)left : 0) < 0 && errno != EINTR)
            return ABANDONED;
        /* poll(2) reports a change of the table once. */
        v->table_changed |= of[TABLE].revents != 0;
        if (of[TERMINATE].revents != 0)
            return TERMINATED;
        if (of[DAEMON].revents != 0 && is_abandoned(v))
            return ABANDONED;
        if (of[OUTPUT].revents != 0)
            take_output(v);
        if (of[CHILDREN].revents != 0) {
            reap(v);
            return CHILD_ENDED;
        }
        if (v->table_changed) {
            v->table_changed = false;
            return TABLE_CHANGED;
        }
        if (until >= 0 && left <= 0)
            return LATE;
    }
}

static ssize_t receive(int from, void *answer, size_t size, int *passed)
{
    union {
        struct cmsghdr header;
        unsigned char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec iov = { .iov_base = answer, .iov_len = size };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
    ssize_t n = recvmsg(from, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    const struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&msg);

    if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
        memcpy(passed, CMSG_DATA(c), sizeof *passed);
    return n;
}

ssize_t send_on_errand(struct volume *v, errand *what, long until, void *answer, size_t size, int *passed)
{
    int ends[2];
    ssize_t n = -1;

    *passed = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        what(v, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    if (child > 0) {
        struct pollfd of[] = { { .fd = ends[0], .events = POLLIN },
                               { .fd = v->ending ? -1 : v->terminate, .events = POLLIN },
                               { .fd = v->ending ? -1 : v->daemon, .events = POLLRDHUP } };
        long left;

        while ((left = until - now_ms()) > 0 && poll(of, 3, (int)left) < 0 && errno == EINTR)
            continue;
        if (of[0].revents != 0)
            n = receive(ends[0], answer, size, passed);
        if (n <= 0)
            kill(child, SIGKILL);
    }
    close(ends[0]);
    return n <= 0 ? -1 : n;
}

/* The number of the parent comes after the name, which may contain anything: proc_pid_stat(5). */
static bool is_child(struct volume *v, const char *pid)
{
    char path[300], text[512], *after;
    int parent = 0;

    snprintf(path, sizeof path, "%s/stat", pid);
    int fd = openat(v->proc, path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return false;
    text[n] = '\0';
    after = strrchr(text, ')');
    return after != NULL && sscanf(after + 1, " %*c %d", &parent) == 1 && parent == getpid();
}

/* Signals children, not all descendants: only this process reaps them, so their numbers cannot be reused. The children of a child that ends
 * become children of this process. */
static void signal_children(struct volume *v, int signal)
{
    int folder = openat(v->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *all = folder < 0 ? NULL : fdopendir(folder);
    const struct dirent *one;

    while (all != NULL && (one = readdir(all)) != NULL)
        if (one->d_name[0] >= '1' && one->d_name[0] <= '9' && is_child(v, one->d_name))
            kill((pid_t)atol(one->d_name), signal);
    if (all != NULL)
        closedir(all);
}

bool end_children(struct volume *v, int signal, long until)
{
    reap(v);
    while (!v->alone) {
        if (signal != 0)
            signal_children(v, signal);
        long round = now_ms() + ROUND_MS;
        if (next_event(v, signal == SIGKILL && round < until ? round : until) != CHILD_ENDED && now_ms() >= until)
            break;
    }
    return v->alone;
}
