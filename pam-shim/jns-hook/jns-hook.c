/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/50-hooks.md */
/* jns-hook LIMIT IDS USER UID SERVICE PROGRAM [ARGUMENT...]
 *
 * Runs one program for the daemon in the user's view. The daemon is a JVM: it can start a process, but has threads, descriptors
 * and signals that the program must not inherit. jns-hook starts in the mount namespace of the thread that builds the view, and
 * does not leave it. It is linked statically, because the view may have other libraries.
 *
 *   LIMIT    milliseconds that the program may take
 *   IDS      UID:GID:GROUP,GROUP,... or "root"
 *   0, 2     the host's /dev/null; the view may have anything in that place
 *   1        a socket of packets. One is sent when all is over: what went wrong, empty if nothing did; a line feed; the
 *            beginning of what the program said. When its other end closes, the program is ended.
 *
 * The supervisor touches no file of the view: if a file system hangs, only the child hangs, and the limit holds. */
#include "clock.h"
#include "fd.h"
#include "give_up.h"
#include "identity.h"
#include "reset.h"
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARG_LIMIT = 1, ARG_IDS, ARG_USER, ARG_UID, ARG_SERVICE, ARG_PROGRAM, REPORT = 1, FIRST_FOREIGN = 3 };
enum { KEPT_OUTPUT = 1000, MOST_LIMIT_MS = 60000 };

struct report {
    char why[512];
    char output[KEPT_OUTPUT];
    size_t length;
};

/* The child: becomes the program. */
static _Noreturn void become(char **argv, int output, int trouble, pid_t supervisor)
{
    char user[300], uid[32], service[300];
    char *const environment[] = { (char[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin" }, (char[]){ "LANG=C.UTF-8" }, user, uid, service, NULL };
    const char *program = argv[ARG_PROGRAM];
    struct identity ids;
    char why[300];

    if (snprintf(user, sizeof user, "JNS_USER=%s", argv[ARG_USER]) >= (int)sizeof user
        || snprintf(uid, sizeof uid, "JNS_UID=%s", argv[ARG_UID]) >= (int)sizeof uid
        || snprintf(service, sizeof service, "JNS_SERVICE=%s", argv[ARG_SERVICE]) >= (int)sizeof service)
        give_up(trouble, "the name of the user or of the service is too long");
    if (!identity_read(argv[ARG_IDS], &ids))
        give_up(trouble, "'%s' are no ids", argv[ARG_IDS]);
    umask(022);
    if (setsid() < 0 || chdir("/") < 0 || !reset_limits())
        give_up(trouble, "its process cannot be prepared: %m");
    int file = walk_to_program(program, why, sizeof why);
    if (file < 0)
        give_up(trouble, "%s", why);
    if (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
        give_up(trouble, "its descriptors cannot be prepared: %m");
    /* Every other descriptor must be closed by exec. */
    if (close_range(FIRST_FOREIGN, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
        give_up(trouble, "its descriptors cannot be closed: %m");
    if (!identity_become(&ids, false))
        give_up(trouble, "it cannot be run as uid %u: %m", (unsigned)ids.uid);
    /* After the change of ids, which would clear it, PR_SET_PDEATHSIG(2const). */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != supervisor)
        _exit(126);
    syscall(SYS_execveat, file, "", argv + ARG_PROGRAM, environment, AT_EMPTY_PATH);
    /* The interpreter opens a script by its name, and execveat(2) fails with ENOENT. The name is as good as the descriptor, because only
     * root can change anything on the way to the script. */
    if (errno == ENOENT)
        execve(program, argv + ARG_PROGRAM, environment);
    give_up(trouble, "%m");
}

/* Keeps the beginning of the output and drops the rest, so that a program with much output does not block. False at the end. */
static bool take_output(int from, struct report *r)
{
    char part[4096];
    ssize_t n = read(from, part, sizeof part);

    if (n <= 0)
        return n < 0 && (errno == EAGAIN || errno == EINTR);
    size_t room = sizeof r->output - r->length, take = (size_t)n < room ? (size_t)n : room;
    memcpy(r->output + r->length, part, take);
    r->length += take;
    return true;
}

enum ending { ENDED, LATE, ABANDONED };

/* Waits until the program ends, its time is over, or the daemon has ended. */
static enum ending await(int child, int output, long limit, struct report *r)
{
    enum { CHILD, DAEMON, OUTPUT };
    struct pollfd of[] = { { .fd = child, .events = POLLIN }, { .fd = REPORT, .events = POLLRDHUP }, { .fd = output, .events = POLLIN } };
    long end = now_ms() + limit;

    for (;;) {
        long left = end - now_ms();
        int n = poll(of, 3, left > 0 ? (int)left : 0);

        if (n < 0 && errno != EINTR)
            return ABANDONED;
        if (of[DAEMON].revents != 0)
            return ABANDONED;
        if (of[CHILD].revents != 0)
            return ENDED;
        if (left <= 0)
            return LATE;
        if (of[OUTPUT].revents != 0 && !take_output(output, r))
            of[OUTPUT].fd = -1;
    }
}

/* The child is not reaped before its whole group is killed: until then no other process can have its number. Processes that the program has
 * put into another session stay. */
static void end_all(pid_t child, enum ending how, const char *limit, struct report *r)
{
    siginfo_t info = { .si_pid = 0 };

    if (how == ENDED)
        waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    if (r->why[0] != '\0')
        return;
    if (how == LATE)
        snprintf(r->why, sizeof r->why, "it has not ended within %s ms", limit);
    else if (info.si_code == CLD_EXITED && info.si_status != 0)
        snprintf(r->why, sizeof r->why, "its exit status is %d", info.si_status);
    else if (info.si_code != CLD_EXITED)
        snprintf(r->why, sizeof r->why, "it was ended by signal %d (%s)", info.si_status, strsignal(info.si_status));
}

static int supervise(char **argv, long limit)
{
    struct report r = { .length = 0 };
    char packet[sizeof r.why + KEPT_OUTPUT + 1];
    int output[2], trouble[2];

    if (pipe2(output, O_CLOEXEC) < 0 || pipe2(trouble, O_CLOEXEC) < 0)
        return 1;
    if (fcntl(output[0], F_SETFL, O_NONBLOCK) < 0 || fcntl(trouble[0], F_SETFL, O_NONBLOCK) < 0)
        return 1;
    pid_t self = getpid(), child = fork();
    if (child == 0)
        become(argv, output[1], trouble[1], self);
    int handle = child < 0 ? -1 : (int)syscall(SYS_pidfd_open, child, 0);
    if (handle < 0) {
        snprintf(r.why, sizeof r.why, "its process cannot be made: %m");
        if (child > 0)
            end_all(child, ABANDONED, "", &r);
    } else {
        close(output[1]);
        close(trouble[1]);
        enum ending how = await(handle, output[0], limit, &r);
        ssize_t n = how == ENDED ? read(trouble[0], r.why, sizeof r.why - 1) : 0;
        r.why[n > 0 ? n : 0] = '\0';
        end_all(child, how, argv[ARG_LIMIT], &r);
        /* The last output before the end is still in the pipe, which holds a limited amount. */
        while (r.length < sizeof r.output) {
            size_t before = r.length;
            if (!take_output(output[0], &r) || r.length == before)
                break;
        }
    }
    int length = snprintf(packet, sizeof packet, "%s\n", r.why);
    memcpy(packet + length, r.output, r.length);
    return send(REPORT, packet, (size_t)length + r.length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    char *end;

    if (argc <= ARG_PROGRAM)
        return 2;
    if (!fd_has_standard())
        return 2;
    long limit = strtol(argv[ARG_LIMIT], &end, 10);
    if (*end != '\0' || end == argv[ARG_LIMIT] || limit < 1 || limit > MOST_LIMIT_MS)
        return 2;
    /* In a separate session: jnsd --once may be killed with its process group, and this process must end its program first. */
    if (close_range(FIRST_FOREIGN, ~0U, 0) < 0 || chdir("/") < 0 || (setsid() < 0 && getpgrp() != getpid()))
        return 1;
    reset_signals();
    return supervise(argv, limit);
}
