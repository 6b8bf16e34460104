/* SPDX-License-Identifier: Apache-2.0 */
/* A separate session for the command, with a separate terminal or with none. A process in the caller's session could type into its terminal
 * (TIOCSTI, ioctl_tty(2)), and the caller's shell would read that later, with the caller's rights. A process that has the terminal as a
 * descriptor could read what is typed there. There are three processes: one outside, between the two terminals; one that leads the new
 * session, so that the command is in a process group that can be stopped; and the command. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apart.h"
#include "child.h"
#include "proxy.h"

/* The leader of the inner session: it stops when the command stops, so that the process outside notices, and ends as the command ends.
 * TERMINAL: the controlling terminal of the session, or -1. */
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
            if (terminal >= 0)
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

/* Closes what only the command uses: the process at the other end of a pipe must notice when the command closes it. */
static void let_go(bool input, bool output)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0)
        return;
    if (input)
        dup2(null, STDIN_FILENO);
    if (output)
        dup2(null, STDOUT_FILENO);
    close(null);
}

/* Returns as the process that becomes the command. CONTROLS: whether the session gets the terminal. */
static void begin_session(int terminal, bool controls, const bool replaced[3], const sigset_t *before, pid_t outside)
{
    if (setsid() < 0 || (controls && ioctl(terminal, TIOCSCTTY, 0) < 0))
        die("cannot begin a session for the command: %m");
    /* The signal is the one for a terminal that is lost. The process outside may have ended before. */
    if (!controls && (prctl(PR_SET_PDEATHSIG, SIGHUP) < 0 || getppid() != outside))
        _exit(EXIT_OURS);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (replaced[fd])
            dup2(terminal, fd);
    pid_t command = fork();
    if (command < 0)
        die("cannot start a process: %m");
    if (command > 0) {
        setpgid(command, command);
        if (controls)
            tcsetpgrp(terminal, command);
        let_go(true, true);
        lead(command, controls ? terminal : -1);
    }
    setpgid(0, 0);
    /* SIGTTOU is blocked, as all signals are, and so does not stop this process, tcsetpgrp(3). */
    if (controls)
        tcsetpgrp(terminal, getpid());
    if (terminal >= 0)
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

/* If the terminal of the caller's session cannot be opened for any other reason than that there is none, there may be one. */
static bool has_terminal(void)
{
    int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

    if (terminal >= 0)
        close(terminal);
    return terminal >= 0 || errno != ENXIO;
}

/* Copies the settings of the outer terminal. If that one is not raw meanwhile, it converts the ends of lines. */
static void copy_settings(const struct proxy *p, int terminal)
{
    struct termios settings = p->before;

    if (p->outer < 0 || (!p->adopts && tcgetattr(p->outer, &settings) < 0))
        return;
    if (!p->adopts)
        settings.c_oflag &= ~(tcflag_t)OPOST;
    tcsetattr(terminal, TCSANOW, &settings);
}

/* The process between the two terminals. SHOWN: where it prints what is written to the inner terminal. */
_Noreturn static void stand_between(struct start *s, struct proxy *p, bool reads, int shown)
{
    sigset_t all;

    for (size_t i = 0; i < MOST_SLOTS; i++)
        if (s->slot[i] >= 0)
            close(s->slot[i]);
    sigfillset(&all);
    p->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    if (p->signals < 0)
        die("cannot wait for signals: %m");
    /* Without blocking, and only when there is room: the command may wait for this process to read. */
    if (p->master >= 0)
        fcntl(p->master, F_SETFL, O_RDWR | O_NONBLOCK);
    p->in = (struct stream){ .from = STDIN_FILENO, .to = p->master, .last = '\n', .ended = !reads };
    p->out = (struct stream){ .from = p->master, .to = shown, .ended = p->master < 0 };
    let_go(!reads && shown != STDIN_FILENO, shown != STDOUT_FILENO);
    end_as(proxy_carry(p));
}

/* pty WHEN OWNER COUNT SLOT...: a child carries out the rest in a separate session. WHEN: "always" with a separate terminal; or "apart",
 * with one if the input is a terminal, and in place of terminals only; otherwise without, and not at all if nothing is a terminal. OWNER:
 * the owner of the terminal, -1 for the caller. With slots only if one of them holds a user namespace, which is entered. */
static void op_pty(struct start *s, const struct step *step)
{
    struct proxy p = { .outer = -1, .master = -1 };
    bool always = strcmp(step->arg[0], "always") == 0;
    bool replaced[] = { isatty(STDIN_FILENO) != 0, isatty(STDOUT_FILENO) != 0, isatty(STDERR_FILENO) != 0 };
    bool any = replaced[0] || replaced[1] || replaced[2];
    int terminal = -1, shown = STDOUT_FILENO;
    sigset_t before;

    if (!any_user_namespace(s, step, 3) || (!always && !any && !has_terminal()))
        return;
    p.adopts = tcgetattr(STDIN_FILENO, &p.before) == 0;
    p.outer = replaced[0] ? STDIN_FILENO : replaced[1] ? STDOUT_FILENO : replaced[2] ? STDERR_FILENO : -1;
    /* Output to another place belongs to the command; what is for the terminal goes there. */
    if (any && !always && !replaced[1])
        shown = replaced[2] ? STDERR_FILENO : STDIN_FILENO;
    if (any || always) {
        terminal = open_terminal(&p.master, step_signed(step, 1));
        copy_settings(&p, terminal);
    }
    sigprocmask(SIG_SETMASK, NULL, &before);
    child_prepare();
    pid_t outside = getpid();
    p.child = fork();
    if (p.child < 0)
        die("cannot start a process: %m");
    if (p.child > 0) {
        if (terminal >= 0)
            close(terminal);
        stand_between(s, &p, always || p.adopts, shown);
    }
    if (p.master >= 0)
        close(p.master);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        replaced[fd] = replaced[fd] || always;
    begin_session(terminal, always || p.adopts, replaced, &before, outside);
}

const struct op ops_pty[] = {
    { "pty", "tiS", op_pty },
    { NULL, NULL, NULL },
};
