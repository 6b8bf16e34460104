/* SPDX-License-Identifier: Apache-2.0 */
#include "proxy.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

static void go_raw(struct proxy *p)
{
    struct termios raw = p->before;

    /* In the background another process has the terminal. SIGCONT comes when this process gets it back. */
    if (!p->adopts || p->is_raw || tcgetpgrp(p->outer) != getpgrp())
        return;
    cfmakeraw(&raw);
    p->is_raw = tcsetattr(p->outer, TCSADRAIN, &raw) == 0;
}

static void go_back(struct proxy *p)
{
    if (p->is_raw)
        tcsetattr(p->outer, TCSADRAIN, &p->before);
    p->is_raw = false;
}

static void copy_size(const struct proxy *p)
{
    struct winsize size;

    if (p->outer >= 0 && p->master >= 0 && ioctl(p->outer, TIOCGWINSZ, &size) == 0)
        ioctl(p->master, TIOCSWINSZ, &size);
}

static void pull(struct stream *s)
{
    ssize_t n = read(s->from, s->bytes, sizeof s->bytes);

    /* EIO: no process has the terminal open any more, or another process group has it now. */
    if (n <= 0 && !(n < 0 && (errno == EAGAIN || errno == EINTR)))
        s->ended = true;
    s->start = 0;
    s->end = n > 0 ? (size_t)n : 0;
    if (n > 0)
        s->last = s->bytes[n - 1];
}

static void push(struct stream *s)
{
    ssize_t n = write(s->to, s->bytes + s->start, s->end - s->start);

    if (n > 0)
        s->start += (size_t)n;
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        s->start = s->end;
}

static bool is_empty(const struct stream *s)
{
    return s->start == s->end;
}

/* Passes on what the command has written before it ended, which is at most what a terminal holds. Processes that
 * outlive the command may continue to write for ever. */
static void drain(struct proxy *p)
{
    enum { MOST = 1 << 20 };
    size_t drained = 0;

    for (bool more = p->master >= 0; more && drained < MOST; drained += p->out.end) {
        while (!is_empty(&p->out)) {
            struct pollfd ready = { .fd = p->out.to, .events = POLLOUT };

            poll(&ready, 1, -1);
            push(&p->out);
        }
        pull(&p->out);
        more = !is_empty(&p->out);
    }
}

/* Whether the child has ended. The leader of the inner session stops when the command does. */
static bool reap(struct proxy *p, int *status)
{
    while (waitpid(p->child, status, WUNTRACED | WNOHANG) == p->child) {
        if (!WIFSTOPPED(*status))
            return true;
        go_back(p);
        child_stop_self();
        copy_size(p);
        go_raw(p);
        kill(p->child, SIGCONT);
    }
    return false;
}

static bool take_signals(struct proxy *p, int *status)
{
    struct signalfd_siginfo info;

    while (read(p->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGWINCH)
            copy_size(p);
        else if (info.ssi_signo == SIGCONT)
            go_raw(p);
        else if (info.ssi_signo == SIGTSTP && (info.ssi_code <= 0 || !p->adopts))
            kill(p->child, SIGTSTP);
        else if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGTSTP && info.ssi_signo != SIGTTIN && info.ssi_signo != SIGTTOU)
            kill(p->child, (int)info.ssi_signo);
    }
    return reap(p, status);
}

/* Types the end of a file as a user does: twice after a line without an end. */
static void type_end(struct proxy *p)
{
    struct termios inner;

    if (tcgetattr(p->master, &inner) < 0)
        return;
    if (p->in.last != '\n')
        p->in.bytes[p->in.end++] = (char)inner.c_cc[VEOF];
    p->in.bytes[p->in.end++] = (char)inner.c_cc[VEOF];
}

int proxy_carry(struct proxy *p)
{
    int status = 0;

    go_raw(p);
    copy_size(p);
    while (!take_signals(p, &status)) {
        bool reads = is_empty(&p->in) && !p->in.ended && (p->is_raw || !p->adopts);
        struct pollfd ready[5] = {
            { .fd = p->signals, .events = POLLIN },
            { .fd = reads ? p->in.from : -1, .events = POLLIN },
            { .fd = is_empty(&p->in) ? -1 : p->master, .events = POLLOUT },
            { .fd = is_empty(&p->out) && !p->out.ended ? p->master : -1, .events = POLLIN },
            { .fd = is_empty(&p->out) ? -1 : p->out.to, .events = POLLOUT },
        };

        poll(ready, 5, -1);
        if (ready[1].revents != 0) {
            pull(&p->in);
            if (p->in.ended && !p->adopts)
                type_end(p);
        }
        if (ready[2].revents != 0)
            push(&p->in);
        if (ready[3].revents != 0)
            pull(&p->out);
        if (ready[4].revents != 0)
            push(&p->out);
    }
    drain(p);
    go_back(p);
    return status;
}
