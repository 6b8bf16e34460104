/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/52-life-of-a-volume.md */
/* jns-volume LIMIT IDS USER UID HOME SERVICE FLAGS SOURCE TARGET COUNT CREATE... PROGRAM [ARGUMENT...]
 *
 * Runs one program that mounts a volume for the daemon, in the user's view and as the user, and supervises it: the daemon is a JVM, and
 * the program lives as long as the view. jns-volume starts in the mount namespace of the thread that builds the view. It is linked
 * statically, because the view may have other libraries.
 *
 *   LIMIT    milliseconds until the volume is mounted, with everything that is done for it
 *   IDS      UID:GID:GROUP,GROUP,...
 *   HOME     as the user database has it; "/" where that is no path
 *   FLAGS    of these letters, or "-": p, the password goes to the programs' standard input; c, folders and volume are made if they do not
 *            exist; w, nothing counts before something is mounted at TARGET; k, a packet on 1 says that the volume has an owner, and
 *            if the connection ends without one, the volume ends
 *   SOURCE   a folder that must exist and not be empty; or "-"
 *   TARGET   an empty folder that the user owns
 *   COUNT    how many words of CREATE follow: the program that makes a new volume in an empty SOURCE. What it mounts is removed
 *   0        a pipe with the password, which is never read here; or /dev/null
 *   1        a socket of packets. One is sent when it is mounted, or cannot be: what went wrong, empty if nothing did; a line feed; the
 *            number of the process that stays, 0 if none does; a blank; the beginning of what the program said
 *   2        /dev/null of the host
 *
 * The process that the daemon starts ends at once, so that the daemon can reap it. Its child, the supervisor, stays. The supervisor
 * touches no user-owned file: if a file system hangs, only its children hang, and the limit holds. On SIGTERM it unmounts the volume
 * and ends all its children, within five seconds. If the program ends by itself, the supervisor ends too and leaves the dead mount,
 * so that nobody writes into the folder below and believes that the files are encrypted. */
#include "volume.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "fd.h"
#include "reset.h"

enum { ARG_LIMIT = 1, ARG_IDS, ARG_USER, ARG_UID, ARG_HOME, ARG_SERVICE, ARG_FLAGS, ARG_SOURCE, ARG_TARGET, ARG_COUNT, ARG_WORDS };
enum { MOST_LIMIT_MS = 60000, DETACH_MS = 2000, TERM_MS = 2000, KILL_MS = 1000, TIDY_MS = 500, CREATE_FSCONFIG = 6 };

static bool read_number(const char *text, long most, long *number)
{
    char *end;

    *number = strtol(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *number <= most;
}

static bool read_flags(const char *text, struct call *c)
{
    if (strcmp(text, "-") == 0)
        return true;
    for (; *text != '\0'; text++)
        switch (*text) {
        case 'p': c->password = true; break;
        case 'c': c->create = true; break;
        case 'w': c->wait = true; break;
        case 'k': c->keep = true; break;
        default: return false;
        }
    return true;
}

static bool is_target(const char *path)
{
    const char *name = strrchr(path, '/');

    return path[0] == '/' && name[1] != '\0' && strcmp(name, "/.") != 0 && strcmp(name, "/..") != 0;
}

static bool read_call(int argc, char **argv, struct call *c)
{
    long count;

    if (argc <= ARG_WORDS || !read_number(argv[ARG_LIMIT], MOST_LIMIT_MS, &c->limit) || c->limit < 1
        || !identity_read(argv[ARG_IDS], &c->ids) || !read_flags(argv[ARG_FLAGS], c) || !is_target(argv[ARG_TARGET])
        || !read_number(argv[ARG_COUNT], MOST_WORDS, &count) || argc <= ARG_WORDS + count)
        return false;
    c->limit_text = argv[ARG_LIMIT];
    c->user = argv[ARG_USER];
    c->uid = argv[ARG_UID];
    c->home = argv[ARG_HOME][0] == '/' ? argv[ARG_HOME] : "/";
    c->service = argv[ARG_SERVICE];
    c->source = strcmp(argv[ARG_SOURCE], "-") == 0 ? NULL : argv[ARG_SOURCE];
    c->target = argv[ARG_TARGET];
    memcpy(c->creating, argv + ARG_WORDS, (size_t)count * sizeof *argv);
    c->program = argv + ARG_WORDS + count;
    return c->source == NULL || c->source[0] == '/';
}

/* A proc file system of this PID namespace, made by fsopen(2), whatever the view has at /proc. It is attached nowhere. */
static int open_proc(void)
{
    int context = (int)syscall(SYS_fsopen, "proc", 1);
    int proc =
        context >= 0 && syscall(SYS_fsconfig, context, CREATE_FSCONFIG, NULL, NULL, 0) == 0 ? (int)syscall(SYS_fsmount, context, 1, 0) : -1;

    if (context >= 0)
        close(context);
    return proc;
}

static int signal_descriptor(int signal)
{
    sigset_t one;

    sigemptyset(&one);
    sigaddset(&one, signal);
    return signalfd(-1, &one, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool prepare(struct volume *v)
{
    v->end = now_ms() + v->call.limit;
    v->parent = v->output = v->trouble = -1;
    v->daemon = REPORT;
    v->proc = open_proc();
    v->table = v->proc < 0 ? -1 : openat(v->proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
    v->terminate = signal_descriptor(SIGTERM);
    v->children = signal_descriptor(SIGCHLD);
    if (v->table >= 0 && v->terminate >= 0 && v->children >= 0 && setsid() >= 0 && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
        && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
        return true;
    snprintf(v->why, sizeof v->why, "its supervisor cannot be prepared: %m");
    return false;
}

static bool told_to_end(enum event event)
{
    return event == TERMINATED || event == ABANDONED;
}

/* Unmounts, then sends SIGTERM, then SIGKILL, each with a limit. A program without its mount ends by itself. */
static void end_gently(struct volume *v)
{
    long begun = now_ms();

    v->ending = true;
    if (v->mounted != 0) {
        place_detach(v, begun + DETACH_MS);
        if (end_children(v, 0, begun + DETACH_MS))
            return;
    }
    if (!end_children(v, SIGTERM, now_ms() + TERM_MS))
        end_children(v, SIGKILL, now_ms() + KILL_MS);
}

/* Removes everything of a volume that has failed. */
static void end_at_once(struct volume *v)
{
    long until = now_ms() + TIDY_MS;

    v->ending = true;
    end_children(v, SIGKILL, until);
    if (v->parent >= 0 && (v->mounted != 0 || place_look(v, until)))
        place_detach(v, until);
    end_children(v, SIGKILL, now_ms() + TIDY_MS);
}

/* Makes a new volume in a folder that was empty. */
static bool make_volume(struct volume *v)
{
    char why[sizeof v->why];

    if (!start_program(v, v->call.creating))
        return false;
    while (!v->program_ended) {
        enum event event = next_event(v, v->end);

        if (told_to_end(event))
            return false;
        if (event == LATE) {
            snprintf(v->why, sizeof v->why, "no volume was made within %s ms", v->call.limit_text);
            return false;
        }
    }
    judge_program(v);
    if (v->why[0] != '\0') {
        memcpy(why, v->why, sizeof why);
        snprintf(v->why, sizeof v->why, "no volume could be made: %.400s", why);
        return false;
    }
    if (place_look(v, v->end))
        end_gently(v);
    v->ending = false;
    return true;
}

/* Whether the volume works by now; false with v->why if it never will. A program may stay in the foreground or not: a process must serve
 * what is mounted. */
static bool is_there(struct volume *v)
{
    enum answer answer = HAS_ENDED;

    if (v->program_ended)
        judge_program(v);
    if (v->why[0] != '\0')
        return false;
    if (v->mounted != 0 || place_look(v, v->end))
        answer = place_ask(v, v->end);
    if (answer == IS_SILENT)
        snprintf(v->why, sizeof v->why, "it has mounted something that does not answer within %s ms", v->call.limit_text);
    else if (v->call.wait && answer == HAS_ENDED && v->program_ended && (v->alone || v->mounted != 0))
        snprintf(v->why, sizeof v->why, "it has ended, and %s", v->mounted != 0 ? "serves nothing" : "mounted nothing");
    return v->why[0] == '\0' && (answer == ANSWERS || (v->program_ended && !v->call.wait));
}

static bool mount_volume(struct volume *v)
{
    bool empty_source = false;

    if (!place_examine(v, &empty_source))
        return false;
    if (empty_source && v->call.creating[0] != NULL && !make_volume(v))
        return false;
    if (!start_program(v, v->call.program))
        return false;
    while (v->why[0] == '\0') {
        enum event event = next_event(v, v->end);

        if (told_to_end(event))
            return false;
        if (is_there(v))
            return true;
        if (v->why[0] == '\0' && event == LATE)
            snprintf(v->why, sizeof v->why, v->call.wait ? "it has mounted nothing within %s ms" : "it has not ended within %s ms",
                     v->call.limit_text);
    }
    return false;
}

static bool report(struct volume *v, bool mounted)
{
    char packet[sizeof v->why + 32 + KEPT_OUTPUT];
    int length = snprintf(packet, sizeof packet, "%s\n%d ", mounted ? "" : v->why, mounted ? (int)getpid() : 0);

    memcpy(packet + length, v->said, v->said_length);
    return send(REPORT, packet, (size_t)length + v->said_length, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

static int supervise(struct volume *v)
{
    bool mounted = prepare(v) && mount_volume(v);

    if (!mounted) {
        end_at_once(v);
        /* Without a reason nobody waits for the report: the daemon has ended, or wants the volume to end. */
        return v->why[0] != '\0' && report(v, false) ? 0 : 1;
    }
    /* The supervisor needs neither the password nor the mount table any more. */
    close(v->table);
    v->table = -1;
    v->told = dup2(NOTHING, STDIN_FILENO) >= 0 && report(v, true);
    bool goes_on = v->told;
    while (goes_on && !v->alone)
        goes_on = !told_to_end(next_event(v, -1));
    if (!goes_on)
        end_gently(v);
    return 0;
}

int main(int argc, char **argv)
{
    static struct volume v;
    sigset_t all;

    if (!read_call(argc, argv, &v.call))
        return 2;
    if (!fd_has_standard())
        return 2;
    if (close_range(FIRST_FOREIGN, ~0U, 0) < 0 || chdir("/") < 0)
        return 1;
    reset_signals();
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(supervise(&v));
    return pid < 0 ? 1 : 0;
}
