/* SPDX-License-Identifier: Apache-2.0 */
#include "once.h"

#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "apart.h"
#include "fd.h"
#include "fork.h"
#include "reap.h"
#include "reset.h"

/* The login program does not notice a child made by raw_fork(0). But execve(2) sets the exit signal back to SIGCHLD, so that child
 * cannot become the daemon for one login. It is the minder: a copy of the login program that only makes system calls. It starts the
 * daemon as its own child, waits for a word on the control socket, and ends before the login continues. As the parent of the daemon,
 * only the minder can kill it without the risk that another process has got the same number. If the login program dies, the control
 * socket ends and the minder kills the daemon. After a good answer the minder just exits, and the daemon becomes init's child: no
 * zombie stays with the login program. */

enum { DAEMON_SOCKET = 3, MINDER_CONTROL = 4, FIRST_FOREIGN = 5, KILL_TRIES = 20, KILL_PAUSE_MS = 5, REAP_MS = 500 };

/* su and sudo call the module with the user's real ids, and a process with the user's real uid accepts signals from the user. Raw system
 * calls, because glibc's wrappers signal all threads of the program, which this process does not have. */
static bool become_root(void)
{
    return syscall(SYS_setgroups, 0UL, NULL) == 0 && syscall(SYS_setresgid, 0, 0, 0) == 0 && syscall(SYS_setresuid, 0, 0, 0) == 0;
}

/* By path, although the check used a descriptor: jnsd may be a script, and the kernel hands a script to its interpreter as /dev/fd/N. A
 * close-on-exec descriptor would be closed by then, and another would leak into the daemon. Only root can write the folder, and so put
 * another file under that path between the check and the use. */
static _Noreturn void become_daemon(const char *program)
{
    char *const argv[] = { (char *)program, (char[]){ "--once" }, NULL };
    char *const environment[] = { (char[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin" }, (char[]){ "LANG=C.UTF-8" }, NULL };

    setsid();
    umask(022);
    if (chdir("/") < 0 || close_range(DAEMON_SOCKET + 1, ~0U, 0) < 0)
        _exit(126);
    reset_signals();
    execve(program, argv, environment);
    _exit(127);
}

/* Opens /dev/null as 0, 1 and 2, moves the daemon's socket to 3 and the control socket to 4, and keeps no descriptor of the login
 * program. */
static bool arrange_descriptors(int socket, int control)
{
    int s = fcntl(socket, F_DUPFD, FIRST_FOREIGN), c = fcntl(control, F_DUPFD, FIRST_FOREIGN);
    int null;

    if (s < 0 || c < 0 || dup2(s, DAEMON_SOCKET) < 0 || dup2(c, MINDER_CONTROL) < 0)
        return false;
    null = open("/dev/null", O_RDWR);
    if (null < 0)
        return false;
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (dup2(null, fd) < 0)
            return false;
    return close_range(FIRST_FOREIGN, ~0U, 0) == 0;
}

/* The daemon leads a process group once it has called setsid(2); before that there is only the daemon itself to kill. */
static void kill_daemon(pid_t daemon)
{
    kill(daemon, SIGKILL);
    kill(-daemon, SIGKILL);
    for (int i = 0; i < KILL_TRIES && waitpid(daemon, NULL, WNOHANG) == 0; i++)
        poll(NULL, 0, KILL_PAUSE_MS);
}

static _Noreturn void keep(const char *program, int socket, int control)
{
    /* If this process ignored SIGCHLD too, the kernel could give the daemon's number to another process before the minder kills it. */
    const struct sigaction standard = { .sa_handler = SIG_DFL };
    bool in_cgroup = false;
    char word;
    ssize_t n;

    setsid();
    sigaction(SIGCHLD, &standard, NULL);
    if (!become_root() || !apart_from_caller(&in_cgroup))
        _exit(1);
    /* The login program logs it; this process must not log. */
    if (in_cgroup && send(control, "c", 1, MSG_NOSIGNAL) < 0)
        _exit(1);
    if (!arrange_descriptors(socket, control))
        _exit(1);
    pid_t daemon = raw_fork(SIGCHLD);
    if (daemon == 0)
        become_daemon(program);
    close(DAEMON_SOCKET);
    if (daemon < 0)
        _exit(1);
    do
        n = read(MINDER_CONTROL, &word, 1);
    while (n < 0 && errno == EINTR);
    if (n != 1)
        kill_daemon(daemon);
    _exit(0);
}

static bool is_trusted_program(const char *program, struct trouble *t)
{
    struct stat st;
    int fd = open(program, O_PATH | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) < 0) {
        trouble_set(t, TOLD_ABSENT, "cannot start %s: %m", program);
        fd_close(&fd);
        return false;
    }
    fd_close(&fd);
    if (!S_ISREG(st.st_mode))
        trouble_set(t, TOLD_SETUP, "cannot start %s: not a regular file", program);
    else if (st.st_uid != 0)
        trouble_set(t, TOLD_SETUP, "cannot start %s: its owner is uid %u, expected 0; run chown root on it", program, (unsigned)st.st_uid);
    else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        trouble_set(t, TOLD_SETUP, "cannot start %s: others than root can write it; run chmod go-w on it", program);
    else if ((st.st_mode & S_IXUSR) == 0)
        trouble_set(t, TOLD_SETUP, "cannot start %s: it is not executable; run chmod 755 on it", program);
    else
        return true;
    return false;
}

/* If the daemon could not write a record, nobody would know of the session. */
static bool can_write(const char *program, struct trouble *t)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2] = { { 0 } };
    struct rlimit size;

    if (getrlimit(RLIMIT_FSIZE, &size) == 0 && size.rlim_max == RLIM_INFINITY)
        return true;
    if (syscall(SYS_capget, &head, data) == 0 && (data[0].effective >> CAP_SYS_RESOURCE & 1) != 0)
        return true;
    trouble_set(t, TOLD_ABSENT,
                "cannot start %s: the limit of file sizes cannot be lifted; call the login program without one, "
                "ulimit -f unlimited",
                program);
    t->is_final = true;
    return false;
}

int once_start(const char *program, struct once *o, struct trouble *t)
{
    int wire[2] = { -1, -1 }, control[2] = { -1, -1 };
    sigset_t all, before;

    if (!is_trusted_program(program, t))
        return -1;
    if (geteuid() != 0) {
        trouble_set(t, TOLD_SETUP, "cannot start %s: the login program does not run as root", program);
        return -1;
    }
    if (!can_write(program, t))
        return -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, wire) < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) < 0
        || (wire[0] = fd_above_stdio(wire[0])) < 0)
        goto failed;

    /* No handler of the login program may run in the minder, and no signal may end it before the daemon. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    o->minder = raw_fork(0);
    if (o->minder == 0)
        keep(program, wire[1], control[1]);
    int reason = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = reason;
    if (o->minder < 0)
        goto failed;

    fd_close(&wire[1]);
    fd_close(&control[1]);
    o->connection = wire[0];
    o->control = control[0];
    return 0;

failed:
    trouble_set(t, TOLD_ABSENT, "cannot start %s: %m", program);
    for (int i = 0; i < 2; i++) {
        fd_close(&wire[i]);
        fd_close(&control[i]);
    }
    return -1;
}

/* The minder needs a tenth of a second at most, but may be frozen in a cgroup that it could not leave. */
static void reap_minder(struct once *o)
{
    int status;

    fd_close(&o->control);
    reap(o->minder, REAP_MS, &status);
}

bool once_is_in_cgroup(const struct once *o)
{
    char word;

    return recv(o->control, &word, 1, MSG_DONTWAIT) == 1;
}

void once_release(struct once *o)
{
    while (send(o->control, "r", 1, MSG_NOSIGNAL) < 0 && errno == EINTR)
        ;
    reap_minder(o);
}

void once_kill(struct once *o)
{
    /* close(2) alone is not enough: another thread may have forked, and its child holds a copy of this end. */
    shutdown(o->control, SHUT_RDWR);
    reap_minder(o);
}
