/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/67-volume-of-a-command.md */
/* A program that serves a file system to the command only: it starts before the command and ends after it. */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "ops.h"
#include "signals.h"
#include "target.h"

enum { FUSE_MAGIC = 0x65735546, MOST_PASSWORD = 1024, GRACE_MS = 3000 };

static volatile sig_atomic_t interrupted;

static void note(int signal)
{
    interrupted = signal;
}

/* Byte by byte: the command reads what comes after the line. False at the end of the file, or if a signal came. */
static bool read_line(int from, char *line, size_t size)
{
    size_t length = 0;

    for (;;) {
        char byte;
        ssize_t n = read(from, &byte, 1);

        if (n < 0 && errno == EINTR && interrupted == 0)
            continue;
        if (n <= 0 && (n < 0 || length == 0))
            return false;
        if (n == 0 || byte == '\n')
            break;
        if (length + 1 == size)
            die("cannot use the password: it has more than %zu bytes", size - 1);
        line[length++] = byte;
    }
    line[length] = '\0';
    return true;
}

/* The settings of the terminal are restored in every case; a signal takes effect after that. */
static bool ask_terminal(const char *prompt, char *line, size_t size)
{
    static const int ends[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP };
    struct sigaction before[sizeof ends / sizeof *ends], noting = { .sa_handler = note };
    struct termios usual, silent;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    bool answered;

    if (terminal < 0 || tcgetattr(terminal, &usual) < 0)
        die("cannot ask for the password: there is no terminal; give it by --password-stdin");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaction(ends[i], &noting, &before[i]);
    silent = usual;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH, &silent);
    dprintf(terminal, "%s", prompt);
    answered = read_line(terminal, line, size);
    tcsetattr(terminal, TCSAFLUSH, &usual);
    dprintf(terminal, "\n");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaction(ends[i], &before[i], NULL);
    close(terminal);
    if (interrupted != 0)
        raise(interrupted == SIGTSTP ? SIGINT : interrupted);
    return answered;
}

/* The standard input of the program. */
static int password(const char *how, const char *prompt)
{
    char line[MOST_PASSWORD];
    int ends[2];

    if (!(strcmp(how, "stdin") == 0 ? read_line(STDIN_FILENO, line, sizeof line) : ask_terminal(prompt, line, sizeof line)))
        die("cannot open the volume: there is no password");
    if (pipe2(ends, O_CLOEXEC) < 0)
        die("cannot make a pipe: %m");
    /* A pipe has room for more than that. */
    if (write(ends[1], line, strlen(line)) != (ssize_t)strlen(line) || write(ends[1], "\n", 1) != 1)
        die("cannot pass the password on: %m");
    explicit_bzero(line, sizeof line);
    close(ends[1]);
    return ends[0];
}

/* In a separate session: what is typed into the terminal is not for it. */
_Noreturn static void become_service(const struct start *s, char *const *arguments, int input, pid_t maker)
{
    setsid();
    signals_restore(&s->child_action);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != maker)
        _exit(EXIT_OURS);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(EXIT_OURS);
    syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
    execvp(arguments[0], arguments);
    die("cannot start %s: %m; install it", arguments[0]);
}

/* The number of the mount that a handle is on. No other mount gets the number as long as this one exists. */
static unsigned long long mount_of(int handle)
{
    struct statx st;

    if (statx(handle, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_MNT_ID, &st) < 0)
        die("cannot find the mount of the volume's place: %m");
    if ((st.stx_mask & STATX_MNT_ID) == 0)
        die("cannot find the mount of the volume's place: the kernel does not number mounts; use Linux 5.14 or later");
    return st.stx_mnt_id;
}

/* A handle of the volume, or -1. A program may also serve the mount BEFORE, on which the target was: that is no volume. */
static int open_served(const char *path, unsigned long long before)
{
    int handle = open(path, O_PATH | O_CLOEXEC);
    struct statfs fs;

    if (handle >= 0 && (mount_of(handle) == before || fstatfs(handle, &fs) < 0 || fs.f_type != FUSE_MAGIC)) {
        close(handle);
        return -1;
    }
    return handle;
}

/* Waits for the volume, and returns a handle of it. The kernel reports new mounts, proc(5). */
static int await(const struct service *service, const char *program, const char *path, unsigned long long before)
{
    int table = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    int status, volume;

    if (table < 0)
        die("cannot read the mount table: %m");
    while ((volume = open_served(path, before)) < 0) {
        struct pollfd of[] = { { .fd = table, .events = POLLPRI }, { .fd = service->handle, .events = POLLIN } };

        if (poll(of, 2, -1) < 0 && errno != EINTR)
            die("cannot wait for %s: %m", program);
        if (of[1].revents != 0) {
            if (waitpid(service->process, &status, 0) == service->process && WIFEXITED(status) && WEXITSTATUS(status) != 0)
                exit(own_failure());
            die("cannot show the volume on %s: %s has ended", path, program);
        }
    }
    close(table);
    return volume;
}

/* The present path of the place, without links. */
static void place(int fd, char *path, size_t size)
{
    char link[40];

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0)
        die("cannot find a path of the volume: %m");
    path[length] = '\0';
}

/* RAW DST HOW PROMPT COUNT ARGUMENT...: the program that serves RAW on DST; the two paths become its last arguments. */
static void op_serve(struct start *s, const struct step *step)
{
    char raw[PATH_MAX], onto[PATH_MAX];
    size_t arguments = (size_t)step_number(step, 4);
    char **all = calloc(arguments + 3, sizeof *all);
    int source = open(step->arg[0], O_PATH | O_DIRECTORY | O_CLOEXEC), target = target_open(s, step->arg[1]);

    target_refuse_root(s, target, step->arg[1], "show a volume on");
    if (source < 0)
        die("cannot use the volume %s: %m", step->arg[0]);
    if (all == NULL || s->service_count == MOST_SERVICES || arguments == 0)
        die("cannot serve %s: there is no room for it", step->arg[1]);
    place(source, raw, sizeof raw);
    place(target, onto, sizeof onto);
    unsigned long long before = mount_of(target);
    memcpy(all, step->arg + 5, arguments * sizeof *all);
    all[arguments] = raw;
    all[arguments + 1] = onto;
    int input = password(step->arg[2], step->arg[3]);
    pid_t self = getpid();
    struct service *service = &s->service[s->service_count++];
    service->process = fork();
    if (service->process == 0)
        become_service(s, all, input, self);
    service->handle = service->process < 0 ? -1 : (int)syscall(SYS_pidfd_open, service->process, 0);
    if (service->handle < 0)
        die("cannot start a process: %m");
    close(input);
    close(target);
    close(source);
    service->target = await(service, all[0], onto, before);
    free(all);
}

void services_end(struct start *s)
{
    char path[40];

    while (s->service_count > 0) {
        struct service *service = &s->service[--s->service_count];
        struct pollfd end = { .fd = service->handle, .events = POLLIN };

        /* Unmounts first, so that nobody waits for a program that is ending. If the new root has no proc, the program ends without that. */
        snprintf(path, sizeof path, "/proc/self/fd/%d", service->target);
        umount2(path, MNT_DETACH);
        close(service->target);
        kill(service->process, SIGTERM);
        if (poll(&end, 1, GRACE_MS) <= 0)
            kill(service->process, SIGKILL);
        waitpid(service->process, NULL, 0);
    }
}

const struct op ops_service[] = {
    { "serve", "ttttT", op_serve },
    { NULL, NULL, NULL },
};
