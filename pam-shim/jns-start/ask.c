/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

#define SOCKET_PATH "/run/jns/jnsd.sock"
#define LAUNCH "/usr/lib/jns/launch"

enum { VERSION = 1, ENTER = 0x07, REFUSED = 0x83, RECIPE = 0x86, MOST_PACKET = 4096, JVM_SOCKET = 3 };
/* The daemon answers in a millisecond. If it hangs, for example in a remote user database, this process continues without it. */
enum { CONNECT_SECONDS = 2, ANSWER_MS = 5000 };

const char *answer_read(const unsigned char *packet, size_t size, size_t fds, struct answer *a)
{
    size_t length;

    if (size < 2 || packet[0] != VERSION)
        return "it is no message of this version";
    if (packet[1] == RECIPE)
        return size != 2 ? "it has bytes after its end" : fds == 0 ? "it has no recipe" : NULL;
    if (packet[1] != REFUSED)
        return "it is no answer to this question";
    if (fds != 0)
        return "it refuses, and came with descriptors";
    if (size < 4)
        return "it is cut short";
    length = (size_t)packet[2] << 8 | packet[3];
    if (length == 0 || length > MOST_TEXT || length != size - 4)
        return "its text is not as long as it says";
    for (size_t i = 0; i < length; i++)
        if (packet[4 + i] < 0x20 || packet[4 + i] == 0x7f)
            return "its text has control characters";
    memcpy(a->text, packet + 4, length);
    a->text[length] = '\0';
    return NULL;
}

static bool send_request(int socket, int command_line)
{
    unsigned char packet[2] = { VERSION, ENTER };
    union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE(sizeof(int))];
    } control = { 0 };
    struct iovec iov = { .iov_base = packet, .iov_len = sizeof packet };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = CMSG_LEN(sizeof(int)) };
    struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &command_line, sizeof command_line);
    while (sendmsg(socket, &msg, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            return false;
    return true;
}

static void take_descriptors(struct msghdr *msg, struct answer *a)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len && a->fds < MOST_CAME; at += sizeof(int))
            memcpy(&a->fd[a->fds++], (const unsigned char *)c + at, sizeof(int));
    }
}

/* False at the end of the connection. */
static bool receive(int socket, struct answer *a)
{
    unsigned char packet[MOST_PACKET];
    union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE(MOST_CAME * sizeof(int))];
    } control;
    struct iovec iov = { .iov_base = packet, .iov_len = sizeof packet };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
    ssize_t n;

    while ((n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC)) < 0)
        if (errno != EINTR)
            return false;
    a->fds = 0;
    take_descriptors(&msg, a);
    if (n == 0 && a->fds == 0)
        return false;
    const char *problem = (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 ? "it is too long" : answer_read(packet, (size_t)n, a->fds, a);
    if (problem != NULL)
        die("cannot use the answer: %s", problem);
    return true;
}

static bool is_roots(int socket)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == 0;
}

bool ask_daemon(int command_line, struct answer *a)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = SOCKET_PATH };
    struct timeval patience = { .tv_sec = CONNECT_SECONDS };
    int s = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    bool answered = false;

    if (s < 0)
        return false;
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(s, (const struct sockaddr *)&to, sizeof to) == 0) {
        if (!is_roots(s))
            die("cannot trust " SOCKET_PATH ": another than root listens there; end that process and start jnsd");
        struct pollfd answer = { .fd = s, .events = POLLIN };

        answered = send_request(s, command_line) && poll(&answer, 1, ANSWER_MS) > 0 && receive(s, a);
    }
    close(s);
    return answered;
}

/* Of the caller's environment only TERM and NO_COLOR go with it: the JVM would obey some variables, and hold descriptors open. */
_Noreturn static void become_jvm(const char *program, int socket)
{
    char *const arguments[] = { (char[]){ "launch" }, (char *)(size_t)program, NULL };
    char *environment[4] = { (char[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin" } };
    static const char *const kept[] = { "TERM=", "NO_COLOR=" };
    size_t count = 1;

    for (char **e = environ; *e != NULL; e++)
        for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
            if (count < 3 && strncmp(*e, kept[i], strlen(kept[i])) == 0)
                environment[count++] = *e;
    /* The descriptors that took the place of closed ones go at exec. */
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        fcntl(fd, F_SETFD, 0);
    if (socket == JVM_SOCKET)
        fcntl(socket, F_SETFD, 0);
    else
        dup2(socket, JVM_SOCKET);
    syscall(SYS_close_range, JVM_SOCKET + 1, ~0U, 0);
    execve(LAUNCH, arguments, environment);
    die("cannot start " LAUNCH ": %m; install jns again");
}

void ask_jvm(const char *program, int command_line, struct answer *a)
{
    int pair[2], status = 0;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        die("cannot make a socket: %m");
    pid_t child = fork();
    if (child < 0)
        die("cannot start a process: %m");
    if (child == 0)
        become_jvm(program, pair[1]);
    close(pair[1]);
    bool answered = send_request(pair[0], command_line) && receive(pair[0], a);
    close(pair[0]);
    /* The command must not find a child that it did not start. */
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (answered)
        return;
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        exit(own_failure());
    die("cannot get an answer: " LAUNCH " ended without one");
}
