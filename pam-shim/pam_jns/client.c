/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <linux/sockios.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "deadline.h"
#include "fd.h"

/* A non-blocking connect to a Unix socket whose queue is full fails with EAGAIN, and poll(2) cannot wait for room in the queue. A blocking
 * connect with a send timeout can: a connection is made, is refused, or waits for that room alone, unix(7). */
static int connect_until(int fd, const struct sockaddr_un *to, const struct timespec *deadline)
{
    int left;

    while ((left = deadline_left_ms(deadline)) > 0) {
        struct timeval wait = { .tv_sec = left / 1000, .tv_usec = left % 1000 * 1000 };

        if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) < 0)
            return -1;
        if (connect(fd, (const struct sockaddr *)to, sizeof *to) == 0)
            return 0;
        if (errno != EINTR && errno != EAGAIN)
            return -1;
    }
    errno = ETIMEDOUT;
    return -1;
}

/* 0 when the connection is ready for EVENTS or has ended, -1 with ETIMEDOUT when the time is over. */
static int wait_until(int fd, short events, const struct timespec *deadline)
{
    int left;

    while ((left = deadline_left_ms(deadline)) > 0) {
        struct pollfd p = { .fd = fd, .events = events };
        int n = poll(&p, 1, left);

        if (n > 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return -1;
    }
    errno = ETIMEDOUT;
    return -1;
}

static enum ask ended(struct trouble *t)
{
    trouble_set(t, TOLD_ABSENT, "cannot read the answer: the connection was closed before it");
    return ASK_NOBODY;
}

/* Decides by errno, which WHAT has set. */
static enum ask late_or_failed(struct trouble *t, const char *what)
{
    bool late = errno == ETIMEDOUT;

    trouble_set(t, late ? TOLD_LATE : TOLD_ABSENT, "%s: %m", what);
    return late ? ASK_LATE : ASK_FAILED;
}

static enum ask send_until(int fd, const struct question *q, const struct timespec *deadline, struct trouble *t)
{
    union {
        struct cmsghdr header;
        unsigned char bytes[CMSG_SPACE(sizeof(int))];
    } control = { .header = { .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int)) } };
    struct iovec iov = { .iov_base = (void *)q->packet, .iov_len = q->len };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

    if (q->password >= 0) {
        memcpy(CMSG_DATA(&control.header), &q->password, sizeof q->password);
        msg.msg_control = control.bytes;
        msg.msg_controllen = sizeof control.bytes;
    }
    for (;;) {
        if (sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)q->len)
            return ASK_DONE;
        if (errno == EPIPE || errno == ECONNRESET)
            return ended(t);
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN || wait_until(fd, POLLOUT, deadline) < 0)
            return late_or_failed(t, "cannot send the request");
    }
}

/* Takes every descriptor out of MSG: all are open in this process by now, even if the message is wrong in other ways. Descriptors that are
 * too many are closed. Returns how many there were, or -1 if there was other control data. */
static int take_descriptors(struct msghdr *msg, struct namespaces *n)
{
    bool other = false;
    int count = 0;

    n->count = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
            other = true;
            continue;
        }
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
            int fd;

            memcpy(&fd, (const unsigned char *)c + at, sizeof fd);
            if (count++ < NAMESPACES_MOST)
                n->fd[n->count++] = fd;
            else
                close(fd);
        }
    }
    return other ? -1 : count;
}

/* An empty packet and the end of the connection look alike to recvmsg(2); only the second one sets POLLRDHUP. */
static bool is_end(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLRDHUP };

    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP)) != 0;
}

static enum ask wrong(struct trouble *t, enum ask what, const char *problem)
{
    trouble_set(t, TOLD_WRONG, "cannot use the answer: %s", problem);
    return what;
}

static enum ask check_answer(const unsigned char *packet, size_t len, const struct msghdr *msg, int descriptors, struct answer *a,
                             struct trouble *t)
{
    const char *problem;

    /* Either the message had more descriptors than there is room for, or this process may open no more files. */
    if ((msg->msg_flags & MSG_CTRUNC) != 0 && descriptors <= NAMESPACES_MOST)
        return wrong(t, ASK_HOSTILE, "not all of its descriptors could be taken; has the login program too many open files?");
    if (descriptors < 0 || descriptors > NAMESPACES_MOST)
        return wrong(t, ASK_HOSTILE, "it came with more descriptors than there are kinds of namespaces");
    if ((msg->msg_flags & MSG_TRUNC) != 0)
        return wrong(t, ASK_FAILED, "it is too long");
    problem = wire_decode_reply(packet, len, &a->reply);
    if (problem != NULL)
        return wrong(t, ASK_FAILED, problem);
    if (a->reply.type == WIRE_JOINED)
        return wrong(t, ASK_FAILED, "its type is no answer to a login");
    bool moves = a->reply.type == WIRE_GRANTED || a->reply.type == WIRE_HOST;
    if (moves && descriptors == 0)
        return wrong(t, ASK_HOSTILE, "it names a view and came without a descriptor");
    if (!moves && descriptors > 0)
        return wrong(t, ASK_HOSTILE, "it came with a descriptor and grants nothing");
    return ASK_DONE;
}

static enum ask receive_until(int fd, const struct timespec *deadline, struct answer *a, struct trouble *t)
{
    unsigned char packet[WIRE_MAX];
    union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE((NAMESPACES_MOST + 3) * sizeof(int))];
    } control;
    struct iovec iov = { .iov_base = packet, .iov_len = sizeof packet };
    struct msghdr msg;
    ssize_t n;

    do {
        if (wait_until(fd, POLLIN, deadline) < 0)
            return late_or_failed(t, "cannot read the answer");
        msg = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
        n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    } while (n < 0 && (errno == EINTR || errno == EAGAIN));
    if (n < 0 && errno == ECONNRESET)
        return ended(t);
    if (n < 0)
        return late_or_failed(t, "cannot read the answer");

    int descriptors = take_descriptors(&msg, &a->namespaces);
    if (n == 0 && descriptors == 0 && is_end(fd))
        return ended(t);
    enum ask result = check_answer(packet, (size_t)n, &msg, descriptors, a, t);
    if (result != ASK_DONE)
        namespaces_close(&a->namespaces);
    return result;
}

enum ask client_send(int *connection, const struct question *q, const struct timespec *deadline, struct trouble *t)
{
    enum ask result = send_until(*connection, q, deadline, t);

    if (result != ASK_DONE)
        fd_close(connection);
    return result;
}

enum ask client_receive(int *connection, const struct timespec *deadline, struct answer *a, struct trouble *t)
{
    a->lease = -1;
    a->namespaces.count = 0;
    enum ask result = receive_until(*connection, deadline, a, t);
    if (result == ASK_LATE)
        return result;
    if (result == ASK_DONE && a->reply.type == WIRE_GRANTED)
        a->lease = *connection;
    else
        fd_close(connection);
    *connection = -1;
    return result;
}

bool client_is_taken(int connection)
{
    int unread = 0;

    return ioctl(connection, SIOCOUTQ, &unread) < 0 || unread == 0;
}

/* A process that listens at SOCKET can hand a view of the file system to root's login program, so only root may. */
static bool is_root_peer(int fd, const char *socket, struct trouble *t)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
        trouble_set(t, TOLD_SETUP, "cannot trust %s: its owner is not known: %m", socket);
        return false;
    }
    if (peer.uid != 0) {
        trouble_set(t, TOLD_SETUP, "cannot trust %s: uid %u listens there, expected 0; end that process and start jnsd", socket,
                    (unsigned)peer.uid);
        return false;
    }
    return true;
}

enum ask client_connect(const char *socket_path, const struct timespec *deadline, int *connection, struct trouble *t)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };

    *connection = fd_above_stdio(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (*connection < 0) {
        trouble_set(t, TOLD_ABSENT, "cannot make a socket: %m");
        return ASK_FAILED;
    }
    memcpy(to.sun_path, socket_path, strnlen(socket_path, sizeof to.sun_path - 1));
    if (connect_until(*connection, &to, deadline) < 0) {
        bool nobody = errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR, late = errno == ETIMEDOUT;

        trouble_set(t, late ? TOLD_LATE : TOLD_ABSENT, "cannot connect to %s: %m", socket_path);
        fd_close(connection);
        return nobody ? ASK_NOBODY : late ? ASK_LATE : ASK_FAILED;
    }
    if (!is_root_peer(*connection, socket_path, t)) {
        fd_close(connection);
        return ASK_HOSTILE;
    }
    return ASK_DONE;
}
