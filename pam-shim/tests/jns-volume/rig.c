/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { MOST_WORDS = 40 };

static char volume_path[PATH_MAX];
char report[4096];
void (*before_exec)(void);
int far_end = -1, secret = -1;
const char *home = HOME;
pid_t supervisor;

long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void folder(const char *path, uid_t uid, mode_t mode)
{
    if (mkdir(path, mode) < 0 || chown(path, uid, uid) < 0)
        abort();
}

/* What the pipe may hold: the writer is gone. */
void password(const void *bytes, size_t n)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0 || write(ends[1], bytes, n) != (ssize_t)n)
        abort();
    close(ends[1]);
    secret = ends[0];
}

const struct call usual = { "5000", "4711:4711:4711", "w", "-", CLEAR, { NULL }, { PROGRAMS "volume-program", "serve", CLEAR } };

int start(const struct call *c)
{
    const char *words[MOST_WORDS] = { "jns-volume", c->limit, c->ids, "mallory", "4711", home, "sshd", c->flags, c->source, c->target };
    char count[8];
    int ends[2], n = 10, status, creating = 0;

    while (c->create[creating] != NULL)
        creating++;
    snprintf(count, sizeof count, "%d", creating);
    words[n++] = count;
    for (int i = 0; i < creating; i++)
        words[n++] = c->create[i];
    for (int i = 0; c->program[i] != NULL; i++)
        words[n++] = c->program[i];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
        abort();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        if (dup2(secret >= 0 ? secret : null, 0) < 0 || dup2(ends[1], 1) < 0 || dup2(null, 2) < 0)
            abort();
        if (before_exec != NULL)
            before_exec();
        execv(volume_path, (char **)words);
        _exit(99);
    }
    close(ends[1]);
    far_end = ends[0];
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The report: its first line says what went wrong. */
const char *run(const struct call *c)
{
    const char *line;

    CHECK(start(c) == 0);
    ssize_t n = recv(far_end, report, sizeof report - 1, 0);
    report[n > 0 ? n : 0] = '\0';
    close(far_end);
    line = strchr(report, '\n');
    supervisor = line == NULL ? 0 : (pid_t)atol(line + 1);
    return report;
}

bool has(const char *part)
{
    if (strstr(report, part) != NULL)
        return true;
    printf("#   report: %s\n", report);
    return false;
}

/* By the kernel's mount table, whatever the file systems say. */
bool is_mounted(const char *path)
{
    char line[1024], wanted[300];
    bool found = false;
    FILE *f = fopen("/proc/self/mountinfo", "re");

    snprintf(wanted, sizeof wanted, " %s ", path);
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        found = found || strstr(line, wanted) != NULL;
    if (f != NULL)
        fclose(f);
    return found;
}

bool is_alive(pid_t pid) { return kill(pid, 0) == 0; }

/* Nothing that jns-volume has started is left, dead or alive: all of it became a child of this process. */
bool nobody_left(long within)
{
    long until = now_ms() + within;

    for (;;) {
        pid_t pid = waitpid(-1, NULL, WNOHANG);
        if (pid < 0)
            return errno == ECHILD;
        if (pid == 0 && now_ms() >= until)
            return false;
        if (pid == 0)
            poll(NULL, 0, 10);
    }
}

/* Refused, and no process or mount of it is left. */
bool refused(const struct call *c, const char *why)
{
    run(c);
    return has(why) && supervisor == 0 && nobody_left(SOON_MS) && !is_mounted(c->target);
}

bool mounts(const struct call *c)
{
    run(c);
    return report[0] == '\n' ? is_mounted(CLEAR) && supervisor > 0 && is_alive(supervisor) : has("no trouble");
}

bool ends_when_told(long within)
{
    long begun = now_ms();
    int status = -1;

    if (supervisor <= 0)
        return false;
    kill(supervisor, SIGTERM);
    while (waitpid(supervisor, &status, WNOHANG) == 0 && now_ms() < begun + within)
        poll(NULL, 0, 10);
    bool good = status == 0 && !is_mounted(CLEAR) && nobody_left(within);
    if (!good)
        printf("#   after %ld ms: status %d, %smounted\n", now_ms() - begun, status, is_mounted(CLEAR) ? "" : "not ");
    return good;
}

void make(const char *path, const char *text, mode_t mode, uid_t uid)
{
    FILE *f = fopen(path, "we");

    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0 || chown(path, uid, uid) < 0 || chmod(path, mode) < 0)
        abort();
}

/* The usual call, except that the program is a script. */
struct call script(const char *flags, const char *text)
{
    char whole[2000];
    struct call c = usual;

    snprintf(whole, sizeof whole, "#!/bin/sh\n%s\n", text);
    make(PROGRAMS "script", whole, 0755, 0);
    c.flags = flags;
    c.program[0] = PROGRAMS "script";
    c.program[1] = NULL;
    return c;
}

const char *content(const char *path, size_t *size)
{
    static char bytes[8192];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof bytes - 1);

    bytes[n < 0 ? 0 : n] = '\0';
    *size = n < 0 ? 0 : (size_t)n;
    if (fd >= 0)
        close(fd);
    return bytes;
}

/* The list may miss one while another ends: a caller that needs it looks again. */
pid_t child_of(pid_t parent, const char *name)
{
    char path[64], all[1024], *rest;
    size_t size;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    snprintf(all, sizeof all, "%s", content(path, &size));
    for (char *word = strtok_r(all, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        snprintf(path, sizeof path, "/proc/%.10s/comm", word);
        if (strstr(content(path, &size), name) != NULL)
            return (pid_t)atol(word);
    }
    return 0;
}

/* The process that serves: a program that goes into the background has a first process, which may not have ended yet and ends by itself. */
pid_t serving(const char *name)
{
    long until = now_ms() + SOON_MS;

    do {
        pid_t pid = child_of(supervisor, name);
        if (pid > 0 && getsid(pid) == pid)
            return pid;
        poll(NULL, 0, 10);
    } while (now_ms() < until);
    printf("#   no %s has a session of its own\n", name);
    return 0;
}

static void set_stage(const char *build)
{
    char command[2 * PATH_MAX], *whole = realpath(build, NULL);

    if (whole == NULL || snprintf(volume_path, sizeof volume_path, "%s/jns-volume", whole) >= (int)sizeof volume_path)
        abort();
    free(whole);
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0
        || mount("volumes", "/mnt", "tmpfs", 0, "mode=755") < 0 || mkdir(PROGRAMS, 0755) < 0 || mkdir(HOME, 0700) < 0)
        abort();
    snprintf(command, sizeof command, "cp '%s/volume-program' " PROGRAMS " && chmod 755 " PROGRAMS "volume-program", build);
    /* Only root may have access to the machine's files; and fusermount must find the user's name. */
    if (system(command) != 0 || mknod("/mnt/fuse", S_IFCHR | 0666, makedev(10, 229)) < 0 || chmod("/mnt/fuse", 0666) < 0
        || mount("/mnt/fuse", "/dev/fuse", NULL, MS_BIND, NULL) < 0
        || system("{ cat /etc/passwd; echo mallory:x:4711:4711::/mnt/home:/bin/sh; } >/mnt/passwd") != 0
        || mount("/mnt/passwd", "/etc/passwd", NULL, MS_BIND, NULL) < 0)
        abort();
}

static void home_anew(void)
{
    umount2(CLEAR, MNT_DETACH);
    umount2(RAW, MNT_DETACH);
    if (system("rm -rf " HOME) != 0)
        abort();
    folder(HOME, MALLORY, 0700);
    folder(RAW, MALLORY, 0700);
    folder(CLEAR, MALLORY, 0700);
}

int run_cases(const char *build, const struct volume_case *cases, size_t count)
{
    if (geteuid() != 0) {
        tap_skip("volumes", "only root enters namespaces");
        return tap_end();
    }
    set_stage(build);
    for (size_t i = 0; i < count; i++) {
        home_anew();
        if (cases[i].needs != NULL && access(cases[i].needs, X_OK) < 0)
            tap_skip(cases[i].name, "its program is not installed");
        else
            tap_case(cases[i].name, cases[i].run);
    }
    return tap_end();
}
