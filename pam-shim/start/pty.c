/* SPDX-License-Identifier: Apache-2.0 */
/* A terminal of the command's own. Whoever runs in the caller's could type into it (TIOCSTI, ioctl_tty(2)), and what it has typed is
 * read by the caller's shell later, with the caller's rights. Three processes: one outside between the two terminals; one that leads
 * the session of the new one, so that the command is in a process group that can be stopped; and the command. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "child.h"
#include "ops.h"

enum { ROOM = 8192 };

/* Bytes on their way from one side to the other. */
struct stream {
    int from, to;
    size_t start, end;
    bool ended;
    char last; /* of the bytes that have come, a line's end at first */
    char bytes[ROOM];
};

struct proxy {
    int outer, master, signals;
    bool is_raw, adopts; /* adopts: there is an outer terminal */
    struct termios before;
    struct stream in, out;
    pid_t child;
};

static void go_raw(struct proxy *p)
{
    struct termios raw = p->before;

    /* In the background the terminal is somebody else's. SIGCONT comes when it is ours. */
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

    if (p->adopts && ioctl(p->outer, TIOCGWINSZ, &size) == 0)
        ioctl(p->master, TIOCSWINSZ, &size);
}

static void pull(struct stream *s)
{
    ssize_t n = read(s->from, s->bytes, sizeof s->bytes);

    /* EIO: nobody has the terminal open any more, or it is not ours now. */
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

/* What the command has written before it ended. */
static void drain(struct proxy *p)
{
    for (bool more = true; more;) {
        while (!is_empty(&p->out)) {
            struct pollfd ready = { .fd = p->out.to, .events = POLLOUT };

            poll(&ready, 1, -1);
            push(&p->out);
        }
        pull(&p->out);
        more = !is_empty(&p->out);
    }
}

/* Whether it has ended. The leader of the inner session stops when the command does. */
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
        else if (info.ssi_signo == SIGTSTP && info.ssi_code <= 0)
            kill(p->child, SIGTSTP);
        else if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGTSTP && info.ssi_signo != SIGTTIN && info.ssi_signo != SIGTTOU)
            kill(p->child, (int)info.ssi_signo);
    }
    return reap(p, status);
}

/* The end of a file, as one types it: twice behind a line that has no end. */
static void type_end(struct proxy *p)
{
    struct termios inner;

    if (tcgetattr(p->master, &inner) < 0)
        return;
    if (p->in.last != '\n')
        p->in.bytes[p->in.end++] = (char)inner.c_cc[VEOF];
    p->in.bytes[p->in.end++] = (char)inner.c_cc[VEOF];
}

static int carry(struct proxy *p)
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

/* The leader of the inner session: stops when the command stops, so that the one outside sees it, and ends as it ends. */
_Noreturn static void lead(pid_t command, int terminal)
{
    sigset_t all;
    int status;

    sigfillset(&all);
    for (;;) {
        siginfo_t info;
        pid_t ended = waitpid(command, &status, WUNTRACED | WNOHANG);

        if (ended == command && WIFSTOPPED(status)) {
            child_stop_self();
            tcsetpgrp(terminal, command);
            kill(-command, SIGCONT);
        } else if (ended == command) {
            end_as(status);
        } else if (ended < 0) {
            die("cannot wait for the command: %m");
        } else if (sigwaitinfo(&all, &info) > 0 && info.si_signo != SIGCHLD && info.si_signo != SIGCONT && info.si_code <= 0) {
            kill(-command, info.si_signo);
        }
    }
}

/* Returns as the process that becomes the command. */
static void begin_session(int terminal, const bool replaced[3], const sigset_t *before)
{
    if (setsid() < 0 || ioctl(terminal, TIOCSCTTY, 0) < 0)
        die("cannot make the new terminal the command's: %m");
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (replaced[fd])
            dup2(terminal, fd);
    pid_t command = fork();
    if (command < 0)
        die("cannot start a process: %m");
    if (command > 0) {
        setpgid(command, command);
        tcsetpgrp(terminal, command);
        lead(command, terminal);
    }
    setpgid(0, 0);
    /* Blocked as all are, SIGTTOU does not stop us, tcsetpgrp(3). */
    tcsetpgrp(terminal, getpid());
    close(terminal);
    sigprocmask(SIG_SETMASK, before, NULL);
}

static int open_terminal(int *master, long long owner)
{
    char name[64];

    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*master < 0 || grantpt(*master) < 0 || unlockpt(*master) < 0 || ptsname_r(*master, name, sizeof name) != 0)
        die("cannot make a terminal: %m");
    int terminal = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0)
        die("cannot open %s: %m", name);
    if (owner >= 0 && fchown(terminal, (uid_t)owner, (gid_t)-1) < 0)
        die("cannot hand %s over: %m", name);
    return terminal;
}

/* pty WHEN OWNER IF: the rest is done on a terminal of its own, by a child. WHEN: "always", or "terminal" if the input is a terminal, and
 * in place of terminals only. OWNER: whose the terminal is, -1 for the caller. IF: a slot; with nothing in it there is no new terminal. */
static void do_pty(struct start *s, const struct step *step)
{
    static struct proxy p = { .outer = STDIN_FILENO };
    bool always = strcmp(step->arg[0], "always") == 0;
    bool replaced[3];
    sigset_t all, before;

    p.adopts = tcgetattr(STDIN_FILENO, &p.before) == 0;
    if ((!always && !p.adopts) || (*step->arg[2] != '-' && slot_get(s, step->arg[2]) < 0))
        return;
    int terminal = open_terminal(&p.master, step_signed(step, 1));
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        replaced[fd] = always || isatty(fd);
    if (p.adopts)
        tcsetattr(terminal, TCSANOW, &p.before);
    sigprocmask(SIG_SETMASK, NULL, &before);
    child_prepare();
    p.child = fork();
    if (p.child < 0)
        die("cannot start a process: %m");
    if (p.child == 0) {
        close(p.master);
        begin_session(terminal, replaced, &before);
        return;
    }
    close(terminal);
    for (size_t i = 0; i < MOST_SLOTS; i++)
        if (s->slot[i] >= 0)
            close(s->slot[i]);
    sigfillset(&all);
    p.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    /* Written to when it has room, and only then: the command may wait for us to read. */
    fcntl(p.master, F_SETFL, O_RDWR | O_NONBLOCK);
    p.in = (struct stream){ .from = STDIN_FILENO, .to = p.master, .last = '\n' };
    /* Output that goes elsewhere is the command's own affair; what is for the terminal goes there. */
    p.out = (struct stream){ .from = p.master, .to = p.adopts && !isatty(STDOUT_FILENO) && !always ? STDIN_FILENO : STDOUT_FILENO };
    if (p.signals < 0)
        die("cannot wait for signals: %m");
    end_as(carry(&p));
}

const struct op ops_pty[] = {
    { "pty", "tio", do_pty },
    { NULL, NULL, NULL },
};
