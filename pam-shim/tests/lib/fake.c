/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage.h"
#include "wire.h"

static void must(bool good, const char *what)
{
    if (good)
        return;
    perror(what);
    _exit(99);
}

void fake_tell(int events, char what) { must(write(events, &what, 1) == 1, "fake: tell"); }

static _Noreturn void serve_all(const struct sockaddr_un *at, fake_serve *serve, uid_t uid, int events)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    must(fd >= 0 && bind(fd, (const struct sockaddr *)at, sizeof *at) == 0, "fake: bind");
    if (uid != geteuid())
        must(setgroups(0, NULL) == 0 && setresuid(uid, uid, uid) == 0, "fake: setresuid");
    must(listen(fd, 8) == 0, "fake: listen");
    fake_tell(events, 'L');
    if (serve == NULL) {
        struct pollfd p = { .fd = fd, .events = POLLIN };

        poll(&p, 1, -1);
        raise(SIGKILL);
    }
    for (;;) {
        int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

        must(connection >= 0, "fake: accept");
        fake_tell(events, 'A');
        serve(connection, events);
        close(connection);
    }
}

struct fake fake_start(fake_serve *serve, uid_t uid)
{
    static int count;
    struct fake f;
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    char name[32];
    int pipe_ends[2];

    snprintf(name, sizeof name, "s%d.%d", (int)getpid(), count++);
    snprintf(f.socket, sizeof f.socket, "%s", stage_path(name));
    memcpy(at.sun_path, f.socket, strlen(f.socket));
    must(pipe2(pipe_ends, O_CLOEXEC) == 0, "fake: pipe");
    f.events = pipe_ends[0];
    fflush(stdout);
    f.pid = fork();
    if (f.pid == 0) {
        close(pipe_ends[0]);
        serve_all(&at, serve, uid, pipe_ends[1]);
    }
    must(f.pid > 0, "fake: fork");
    close(pipe_ends[1]);
    if (!fake_event(&f, 'L', 5000))
        abort();
    return f;
}

void fake_stop(struct fake *f)
{
    kill(f->pid, SIGKILL);
    waitpid(f->pid, NULL, 0);
    close(f->events);
    unlink(f->socket);
}

bool fake_event(const struct fake *f, char wanted, int within_ms)
{
    const long long until = stage_now_ms() + within_ms;
    long long left;

    while ((left = until - stage_now_ms()) >= 0) {
        struct pollfd p = { .fd = f->events, .events = POLLIN };
        char what;

        if (poll(&p, 1, (int)left) <= 0)
            continue;
        if (read(f->events, &what, 1) != 1)
            return false;
        if (what == wanted)
            return true;
    }
    return false;
}

const char *fake_args(const struct fake *f, const char *more)
{
    static char args[512];

    snprintf(args, sizeof args, "socket=%s %s", f->socket, more);
    return args;
}

int fake_read_passed(int connection, int events)
{
    unsigned char packet[WIRE_MAX], expected[WIRE_MAX];
    union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct iovec iov = { .iov_base = packet, .iov_len = sizeof packet };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
    ssize_t n = recvmsg(connection, &msg, MSG_CMSG_CLOEXEC);
    size_t len = wire_encode_open(expected, "alice", "jnstest", "pts/7");
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
    int passed = -1;

    if (c != NULL && c->cmsg_len == CMSG_LEN(sizeof passed) && c->cmsg_type == SCM_RIGHTS)
        memcpy(&passed, CMSG_DATA(c), sizeof passed);
    bool right = n == (ssize_t)len && memcmp(packet, expected, len) == 0 && (c == NULL || passed >= 0);
    fake_tell(events, right ? 'R' : '?');
    return passed;
}

void fake_read(int connection, int events)
{
    int passed = fake_read_passed(connection, events);

    if (passed >= 0)
        fake_tell(events, '?');
    close(passed);
}

void fake_send(int connection, const void *packet, size_t len, const int *fds, size_t count)
{
    union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE(16 * sizeof(int))];
    } control = { 0 };
    char copy[8192];
    struct iovec iov = { .iov_base = copy, .iov_len = len };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

    must(len <= sizeof copy && count <= 16, "fake: size");
    memcpy(copy, packet, len);
    if (count > 0) {
        msg.msg_control = control.bytes;
        msg.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(c), fds, count * sizeof(int));
    }
    sendmsg(connection, &msg, MSG_NOSIGNAL);
}

static size_t put(unsigned char *packet, size_t at, const char *text)
{
    size_t n = strlen(text);

    packet[at] = (unsigned char)(n >> 8);
    packet[at + 1] = (unsigned char)n;
    memcpy(packet + at + 2, text, n);
    return at + 2 + n;
}

size_t fake_granted(unsigned char *packet, const char *warning)
{
    packet[0] = 1;
    packet[1] = 0x81;
    return put(packet, put(packet, 2, "0123456789abcdef"), warning);
}

size_t fake_reason(unsigned char *packet, unsigned char type, const char *reason)
{
    packet[0] = 1;
    packet[1] = type;
    return put(packet, 2, reason);
}

void fake_await_end(int connection, int events)
{
    char byte;

    must(recv(connection, &byte, 1, 0) <= 0, "fake: nothing is sent on a lease");
    fake_tell(events, 'E');
}

int fake_namespace(void)
{
    static int ns = -1;

    if (ns >= 0)
        return ns;
    mkdir(stage_path("shadow"), 0755);
    must(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
             && mount("shadow", stage_path("shadow"), "tmpfs", 0, NULL) == 0,
         "fake: make a namespace");
    close(open(stage_path("shadow/mark"), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    ns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    must(ns >= 0, "fake: open the namespace");
    return ns;
}

int fake_foreign_namespace(void)
{
    must(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "fake: make a user namespace");
    int ns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    must(ns >= 0, "fake: open the namespace");
    return ns;
}

void fake_grant(int connection, int events)
{
    unsigned char packet[WIRE_MAX];
    int ns = fake_namespace();

    fake_read(connection, events);
    fake_send(connection, packet, fake_granted(packet, ""), &ns, 1);
    fake_await_end(connection, events);
}

void fake_not_isolated(int connection, int events)
{
    unsigned char packet[WIRE_MAX];

    fake_read(connection, events);
    fake_send(connection, packet, fake_reason(packet, 0x82, "no rule is for alice"), NULL, 0);
    fake_await_end(connection, events);
}

void fake_refuse(int connection, int events)
{
    unsigned char packet[WIRE_MAX];

    fake_read(connection, events);
    fake_send(connection, packet, fake_reason(packet, 0x83, "the owner of the instance is uid 7"), NULL, 0);
    fake_await_end(connection, events);
}

void fake_host(int connection, int events)
{
    unsigned char packet[WIRE_MAX];
    int ns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

    must(ns >= 0, "fake: open its own namespace");
    fake_read(connection, events);
    fake_send(connection, packet, fake_reason(packet, 0x85, "no rule is for alice"), &ns, 1);
    close(ns);
    fake_await_end(connection, events);
}
