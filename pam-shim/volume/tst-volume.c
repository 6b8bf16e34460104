/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

/* jns-volume as the helper runs it, in a mount namespace of the test's own: with a root-owned folder of programs, and with a home of
 * the user's that each case has anew. This process takes over what jns-volume leaves behind, so it sees how that ends. */

#define PROGRAMS "/mnt/programs/"
#define HOME "/mnt/home"
#define RAW HOME "/raw"
#define CLEAR HOME "/clear"
enum { MALLORY = 4711, MOST_WORDS = 20, SOON_MS = 3000, ENDED_MS = 6000 };

static char volume_path[PATH_MAX];
static char report[4096];
static void (*before_exec)(void);
static int far_end = -1, secret = -1;
static const char *home = HOME;
static pid_t supervisor;

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void folder(const char *path, uid_t uid, mode_t mode)
{
    if (mkdir(path, mode) < 0 || chown(path, uid, uid) < 0)
        abort();
}

/* What may be in the pipe: the writer is gone. */
static void password(const void *bytes, size_t n)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0 || write(ends[1], bytes, n) != (ssize_t)n)
        abort();
    close(ends[1]);
    secret = ends[0];
}

struct call {
    const char *limit, *ids, *flags, *source, *target, *create[8], *program[8];
};

static const struct call usual = { "5000", "4711:4711:4711", "w", "-", CLEAR, { NULL }, { PROGRAMS "volume-program", "serve", CLEAR } };

static int start(const struct call *c)
{
    const char *words[MOST_WORDS + 20] = { "jns-volume", c->limit, c->ids, "mallory", "4711", home, "sshd", c->flags, c->source, c->target };
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
static const char *run(const struct call *c)
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

static bool has(const char *part)
{
    if (strstr(report, part) != NULL)
        return true;
    printf("#   report: %s\n", report);
    return false;
}

/* As the kernel sees it, whatever the file systems say. */
static bool is_mounted(const char *path)
{
    char line[1024], wanted[300];
    bool found = false;
    FILE *f = fopen("/proc/self/mountinfo", "re");

    snprintf(wanted, sizeof wanted, " %s ", path);
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        found = found || strstr(line, wanted) != NULL;
    fclose(f);
    return found;
}

static bool is_alive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

/* Nothing that jns-volume has started is left, dead or alive: all of it became our child. */
static bool nobody_left(long within)
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

/* Refused, and as if it had never been. */
static bool refused(const struct call *c, const char *why)
{
    run(c);
    return has(why) && supervisor == 0 && nobody_left(SOON_MS) && !is_mounted(c->target);
}

static bool mounts(const struct call *c)
{
    run(c);
    return report[0] == '\n' ? is_mounted(CLEAR) && supervisor > 0 && is_alive(supervisor) : has("no trouble");
}

static bool ends_when_told(long within)
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

static void make(const char *path, const char *text, mode_t mode, uid_t uid)
{
    FILE *f = fopen(path, "we");

    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0 || chown(path, uid, uid) < 0 || chmod(path, mode) < 0)
        abort();
}

/* The usual call, but for the program: a script. */
static struct call script(const char *flags, const char *text)
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

static const char *content(const char *path, size_t *size)
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

static void mounted_and_taken_away(void)
{
    size_t size;

    CHECK(mounts(&usual));
    CHECK(strstr(content("/proc/self/mountinfo", &size), "never") == NULL);
    CHECK(!nobody_left(0) && is_alive(supervisor));
    CHECK(ends_when_told(SOON_MS));
}

static void in_the_foreground(void)
{
    struct call c = usual;

    c.program[1] = "stay";
    CHECK(mounts(&c));
    /* What it goes on to say is read by somebody: it would stop otherwise. */
    poll(NULL, 0, 300);
    CHECK(strlen(report) <= 1020 && ends_when_told(SOON_MS));
}

static void targets(void)
{
    struct call c = usual;

    c.target = HOME "/link";
    CHECK(symlink("clear", HOME "/link") == 0 && refused(&c, "/mnt/home/link is a symbolic link; it must be a folder of the user's own"));
    c.target = HOME "/file";
    make(HOME "/file", "", 0600, MALLORY);
    CHECK(refused(&c, "/mnt/home/file is no folder"));
    c.target = HOME "/roots";
    folder(HOME "/roots", 0, 0755);
    CHECK(refused(&c, "/mnt/home/roots belongs to uid 0, expected 4711"));
    c.target = HOME "/closed";
    folder(HOME "/closed", 0, 0700);
    CHECK(refused(&c, "/mnt/home/closed: Permission denied"));
    c.target = HOME "/full";
    folder(HOME "/full", MALLORY, 0700);
    make(HOME "/full/.hidden", "", 0600, MALLORY);
    CHECK(refused(&c, "/mnt/home/full is not empty"));
    c.target = HOME "/fifo";
    CHECK(mkfifo(HOME "/fifo", 0666) == 0 && refused(&c, "/mnt/home/fifo is no folder"));
    c.target = HOME "/none/x";
    CHECK(refused(&c, "/mnt/home/none: No such file or directory"));
    c.target = HOME "/absent";
    CHECK(refused(&c, "/mnt/home/absent does not exist; make it, or set create = yes"));
    c.target = HOME "/closed/x";
    c.flags = "cw";
    CHECK(refused(&c, "Permission denied"));
}

static void what_is_missing_is_made(void)
{
    struct call c = usual;
    struct stat st;

    c.flags = "cw";
    c.source = HOME "/new";
    rmdir(CLEAR);
    CHECK(mounts(&c));
    CHECK(stat(HOME "/new", &st) == 0 && st.st_uid == MALLORY && (st.st_mode & 07777) == 0700);
    CHECK(ends_when_told(SOON_MS));
    CHECK(stat(CLEAR, &st) == 0 && st.st_uid == MALLORY && st.st_gid == MALLORY && (st.st_mode & 07777) == 0700);
}

static void sources(void)
{
    struct call c = usual;

    c.source = HOME "/absent";
    CHECK(refused(&c, "there is no volume in /mnt/home/absent: it does not exist"));
    c.source = RAW;
    CHECK(refused(&c, "there is no volume in /mnt/home/raw: it is empty"));
    make(HOME "/file", "", 0600, MALLORY);
    c.source = HOME "/file";
    CHECK(refused(&c, "/mnt/home/file: Not a directory"));
    make(RAW "/config", "", 0600, MALLORY);
    c.source = RAW;
    CHECK(mounts(&c) && ends_when_told(SOON_MS));
}

static void volume_is_made(void)
{
    struct call c = script("cpw", "cat >" HOME "/second; exec " PROGRAMS "volume-program serve " CLEAR);
    size_t size;

    make(PROGRAMS "create", "#!/bin/sh\ncat >" HOME "/first; [ -z \"$2\" ] || exit 5; echo made; touch $1/config\n" PROGRAMS "volume-program serve " CLEAR "\n", 0755, 0);
    c.source = RAW;
    c.create[0] = PROGRAMS "create";
    c.create[1] = RAW;
    c.create[2] = "fails";
    password("two times", 9);
    CHECK(refused(&c, "no volume could be made: its exit status is 5"));
    c.create[2] = NULL;
    CHECK(mounts(&c));
    CHECK(strcmp(content(HOME "/first", &size), "two times") == 0 && strcmp(content(HOME "/second", &size), "two times") == 0);
    CHECK(ends_when_told(SOON_MS));
    /* Not again. */
    unlink(HOME "/first");
    CHECK(mounts(&c) && access(HOME "/first", F_OK) < 0 && ends_when_told(SOON_MS));
}

static void what_hangs(void)
{
    struct call c = script("w", "trap '' TERM HUP INT; sleep 600 & echo begun; sleep 600");
    long begun = now_ms();

    c.limit = "400";
    CHECK(refused(&c, "it has mounted nothing within 400 ms\n0 begun\n"));
    c.flags = "-";
    CHECK(refused(&c, "it has not ended within 400 ms\n0 begun\n"));
    c = script("w", "kill -STOP $$");
    c.limit = "400";
    CHECK(refused(&c, "it has mounted nothing within 400 ms"));
    c = script("cw", "");
    c.limit = "400";
    c.source = RAW;
    c.create[0] = PROGRAMS "script";
    make(PROGRAMS "script", "#!/bin/sh\nexec sleep 600\n", 0755, 0);
    CHECK(refused(&c, "no volume was made within 400 ms"));
    c = usual;
    c.limit = "400";
    c.program[1] = "silent";
    CHECK(refused(&c, "it has mounted something that does not answer within 400 ms"));
    CHECK(now_ms() - begun < 5 * 1600);
}

/* A folder of the user's on a file system that never answers. */
static void folders_that_hang(void)
{
    struct call c = usual, dead = usual;

    dead.program[1] = "stubborn";
    CHECK(mounts(&dead));
    pid_t first = supervisor;
    long begun = now_ms();
    c.limit = "300";
    c.target = CLEAR "/x";
    run(&c);
    CHECK(has("its folders cannot be looked at within 300 ms") && now_ms() - begun < 2000);
    c.target = RAW;
    c.source = CLEAR;
    run(&c);
    CHECK(has("its folders cannot be looked at within 300 ms") && !is_mounted(RAW));
    supervisor = first;
    CHECK(ends_when_told(ENDED_MS));
}

static void dies_at_once(void)
{
    struct call c = script("w", "echo wrong; exit 7");

    CHECK(refused(&c, "its exit status is 7\n0 wrong\n"));
    c = script("w", "kill -SEGV $$");
    CHECK(refused(&c, "it was ended by signal 11 (Segmentation fault)\n0 "));
    c = script("w", "exit 0");
    CHECK(refused(&c, "it has ended, and mounted nothing\n"));
    c = usual;
    c.program[1] = "vanish";
    CHECK(refused(&c, "it has ended, and serves nothing\n"));
    c.program[1] = "fail";
    CHECK(refused(&c, "its exit status is 3\n0 failed after all\n"));
    c.program[2] = RAW;
    c.program[1] = "serve";
    c.limit = "500";
    CHECK(refused(&c, "it has mounted nothing within 500 ms"));
}

static pid_t child_of(pid_t parent, const char *name)
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

static void dies_later(void)
{
    struct stat st;

    CHECK(mounts(&usual));
    pid_t program = child_of(supervisor, "volume-program");
    CHECK(program > 0 && kill(program, SIGKILL) == 0);
    CHECK(nobody_left(SOON_MS));
    /* The dead mount keeps clear text out of the folder below. */
    CHECK(is_mounted(CLEAR) && stat(CLEAR, &st) < 0 && (errno == ENOTCONN || errno == EACCES));
    umount2(CLEAR, MNT_DETACH);
}

static void the_user_takes_it_away(void)
{
    CHECK(mounts(&usual));
    pid_t user = fork();
    if (user == 0) {
        if (setresgid(MALLORY, MALLORY, MALLORY) < 0 || setresuid(MALLORY, MALLORY, MALLORY) < 0)
            _exit(1);
        /* The supervisor is not hers to end. */
        if (kill(supervisor, SIGTERM) == 0 || errno != EPERM)
            _exit(2);
        execlp("fusermount3", "fusermount3", "-u", CLEAR, (char *)NULL);
        _exit(127);
    }
    int status;
    CHECK(waitpid(user, &status, 0) == user && status == 0);
    CHECK(!is_mounted(CLEAR) && nobody_left(SOON_MS));
}

static void told_to_end(void)
{
    struct call c = usual;
    long begun;

    c.program[1] = "stubborn";
    CHECK(mounts(&c));
    begun = now_ms();
    CHECK(ends_when_told(ENDED_MS) && now_ms() - begun >= 3000);
    CHECK(mounts(&usual));
    pid_t program = child_of(supervisor, "volume-program");
    CHECK(kill(program, SIGSTOP) == 0 && ends_when_told(ENDED_MS));
    /* Somebody is still in it. */
    CHECK(mounts(&usual));
    pid_t user = fork();
    if (user == 0) {
        if (setresgid(MALLORY, MALLORY, MALLORY) < 0 || setresuid(MALLORY, MALLORY, MALLORY) < 0 || chdir(CLEAR) < 0)
            _exit(1);
        for (;;)
            pause();
    }
    poll(NULL, 0, 100);
    kill(supervisor, SIGTERM);
    int status = -1;
    for (begun = now_ms(); waitpid(supervisor, &status, WNOHANG) == 0 && now_ms() < begun + ENDED_MS;)
        poll(NULL, 0, 10);
    CHECK(status == 0 && !is_mounted(CLEAR) && kill(user, SIGKILL) == 0 && nobody_left(SOON_MS));
}

static void told_to_end_before_it_is_there(void)
{
    struct call c = script("w", "sleep 600 & sleep 600");
    pid_t pid;

    c.limit = "60000";
    CHECK(start(&c) == 0);
    poll(NULL, 0, 200);
    pid = child_of(getpid(), "jns-volume");
    CHECK(pid > 0 && kill(pid, SIGTERM) == 0 && nobody_left(SOON_MS));
    CHECK(recv(far_end, report, sizeof report, 0) == 0);
    close(far_end);
}

static void goes_with_the_helper(void)
{
    struct call c = script("w", "sleep 600 & sleep 600");

    c.limit = "60000";
    CHECK(start(&c) == 0);
    poll(NULL, 0, 200);
    close(far_end);
    CHECK(nobody_left(SOON_MS));
    /* Mounted, and nobody has heard of it. */
    CHECK(start(&usual) == 0);
    struct pollfd p = { .fd = far_end, .events = POLLIN };
    CHECK(poll(&p, 1, 5000) == 1 && is_mounted(CLEAR));
    close(far_end);
    CHECK(nobody_left(SOON_MS) && !is_mounted(CLEAR));
}

/* Reported, and the helper is killed before it has written down whose it is. */
static void goes_with_the_helper_until_it_is_somebodys(void)
{
    struct call c = usual;

    c.flags = "kw";
    CHECK(start(&c) == 0);
    CHECK(recv(far_end, report, sizeof report, 0) > 0 && report[0] == '\n' && is_mounted(CLEAR));
    CHECK(!nobody_left(300) && is_mounted(CLEAR));
    close(far_end);
    CHECK(nobody_left(SOON_MS) && !is_mounted(CLEAR));
    CHECK(start(&c) == 0);
    ssize_t n = recv(far_end, report, sizeof report - 1, 0);
    report[n > 0 ? n : 0] = '\0';
    supervisor = (pid_t)atol(report + 1);
    CHECK(send(far_end, "", 1, MSG_NOSIGNAL) == 1);
    close(far_end);
    CHECK(!nobody_left(300) && is_mounted(CLEAR) && is_alive(supervisor));
    CHECK(ends_when_told(ENDED_MS));
}

static void password_arrives(void)
{
    unsigned char bytes[512];
    struct call c = script("pw", "cat >" HOME "/got; exec " PROGRAMS "volume-program serve " CLEAR);
    size_t size;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i % 255 + 1);
    password(bytes, sizeof bytes);
    CHECK(mounts(&c));
    const char *got = content(HOME "/got", &size);
    CHECK(size == sizeof bytes && memcmp(got, bytes, size) == 0);
    CHECK(ends_when_told(SOON_MS));
    /* The next volume of the same login. */
    unlink(HOME "/got");
    CHECK(mounts(&c));
    got = content(HOME "/got", &size);
    CHECK(size == sizeof bytes && memcmp(got, bytes, size) == 0);
    CHECK(ends_when_told(SOON_MS));
    c = script("w", "readlink /proc/self/fd/0; cat; exit 1");
    run(&c);
    CHECK(has("its exit status is 1\n0 /dev/null\n"));
}

static void no_password_in_the_pipe(void)
{
    struct call c = script("pw", "exit 0");

    password("", 0);
    CHECK(refused(&c, "it cannot be given the password: No data available"));
    close(secret);
    secret = -1;
    CHECK(refused(&c, "it cannot be given the password: Invalid argument"));
}

/* Everything that can be written to, but for what the kernel shares. Read by root: nobody else can. */
static bool is_in_memory(pid_t pid, const char *what)
{
    static char part[1 << 20];
    char path[64], line[512];
    bool found = false;

    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(maps != NULL && memory >= 0);
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;

        if (sscanf(line, "%lx-%lx r", &from, &to) != 2 || to - from > 1UL << 30)
            continue;
        for (; from < to; from += sizeof part) {
            ssize_t n = pread(memory, part, to - from < sizeof part ? to - from : sizeof part, (off_t)from);
            found = found || (n > 0 && memmem(part, (size_t)n, what, strlen(what)) != NULL);
        }
    }
    fclose(maps);
    close(memory);
    return found;
}

static void password_is_nowhere_else(void)
{
    static const char *const files[] = { "cmdline", "environ", "status" };
    char path[64];
    size_t size;
    struct call c = script("pw", "cat >/dev/null; exec " PROGRAMS "volume-program serve " CLEAR);

    password("Tr0ub4dor&3", 11);
    CHECK(mounts(&c));
    close(secret);
    secret = -1;
    CHECK(is_in_memory(supervisor, "JNS_SERVICE=") && !is_in_memory(supervisor, "Tr0ub4dor&3"));
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "/proc/%d/%s", (int)supervisor, files[i]);
        const char *text = content(path, &size);
        CHECK(size == 0 || memmem(text, size, "Tr0ub4dor&3", 11) == NULL);
    }
    /* Nor does it keep the pipe. */
    snprintf(path, sizeof path, "/proc/%d/fd/0", (int)supervisor);
    char link[64] = "";
    CHECK(readlink(path, link, sizeof link - 1) > 0 && strcmp(link, "/dev/null") == 0);
    /* No core of the program: proc_pid_limits(5). */
    snprintf(path, sizeof path, "/proc/%d/limits", (int)child_of(supervisor, "volume-program"));
    CHECK(strstr(content(path, &size), "Max core file size        1                    1 ") != NULL);
    CHECK(ends_when_told(SOON_MS));
}

static void spoil(void)
{
    const struct rlimit small = { 2, RLIM_INFINITY }, files = { 700, 900 };
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int s = 1; s <= SIGRTMAX; s++)
        signal(s, SIG_IGN);
    umask(0);
    for (int fd = 3; fd < 50; fd++)
        dup2(2, fd);
    setenv("LD_PRELOAD", "/mnt/x.so", 1);
    if (chdir("/mnt") < 0 || setrlimit(RLIMIT_FSIZE, &small) < 0 || setrlimit(RLIMIT_NOFILE, &files) < 0)
        abort();
}

static void process_is_a_fresh_one(void)
{
    struct call c = script("w", "env | LC_ALL=C sort; umask; pwd; ulimit -f; ulimit -n; id -u; id -ru; id -G; ls /proc/$$/fd | tr '\\n' ' '; echo; "
                                "grep -E '^(Sig(Blk|Ign)|Cap(Prm|Eff)|NoNewPrivs)' /proc/self/status; [ \"$(ps -o sid= -p $$ | tr -d ' ')\" = $$ ] && echo leads; exit 1");

    c.ids = "4711:4712:4712,70000";
    before_exec = spoil;
    run(&c);
    CHECK(has("0 HOME=/mnt/home\nJNS_SERVICE=sshd\nJNS_UID=4711\nJNS_USER=mallory\nLANG=C.UTF-8\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nPWD=/\nUSER=mallory\n"
              "0077\n/\nunlimited\n900\n4711\n4711\n4712 70000\n0 1 10 2 \n"));
    CHECK(has("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t0\nleads\n"));
    before_exec = NULL;
    home = "none";
    c = script("w", "echo $HOME; exit 1");
    run(&c);
    CHECK(has("0 /\n"));
    home = HOME;
}

static void flood_is_cut(void)
{
    struct call c = script("w", "head -c 3000000 /dev/zero | tr '\\0' x; exit 1");

    run(&c);
    CHECK(has("its exit status is 1\n0 xxx") && strlen(report) == strlen("its exit status is 1\n0 ") + 1000);
    c = script("w", "yes");
    c.limit = "300";
    CHECK(refused(&c, "it has mounted nothing within 300 ms\n0 y\ny\n"));
    c = script("w", "head -c 300000 /dev/zero | tr '\\0' x; exec " PROGRAMS "volume-program serve " CLEAR);
    CHECK(mounts(&c) && ends_when_told(SOON_MS));
}

static void programs(void)
{
    struct call c = script("w", "");

    make(PROGRAMS "hers", "#!/bin/sh\n", 0755, MALLORY);
    c.program[0] = PROGRAMS "hers";
    CHECK(refused(&c, "hers: its owner is not root"));
    c.program[0] = PROGRAMS "absent";
    CHECK(refused(&c, "absent: No such file or directory"));
    make(PROGRAMS "plain", "#!/bin/sh\n", 0644, 0);
    c.program[0] = PROGRAMS "plain";
    CHECK(refused(&c, "plain: it is not executable"));
    make(PROGRAMS "text", "no program\n", 0755, 0);
    c.program[0] = PROGRAMS "text";
    CHECK(refused(&c, "Exec format error"));
}

static void drop_rights(void)
{
    if (setresuid(MALLORY, MALLORY, MALLORY) < 0)
        abort();
}

static void without_rights(void)
{
    before_exec = drop_rights;
    CHECK(refused(&usual, "its supervisor cannot be prepared: Operation not permitted"));
    before_exec = NULL;
}

static void close_the_last(void)
{
    close(2);
}

static void bad_calls(void)
{
    static const char *const limits[] = { "", "0", "-1", "60001", "5s", "5000 " }, *const flags[] = { "", "x", "pp-", "-p" },
                             *const targets[] = { "", "clear", "/", "/mnt/", "/mnt/.", "/mnt/.." };
    struct call c = usual;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        c.limit = limits[i];
        CHECK(start(&c) == 2 && close(far_end) == 0);
    }
    c = usual;
    for (size_t i = 1; i < sizeof flags / sizeof *flags; i++) {
        c.flags = flags[i];
        CHECK(start(&c) == 2 && close(far_end) == 0);
    }
    c = usual;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        c.target = targets[i];
        CHECK(start(&c) == 2 && close(far_end) == 0);
    }
    c = usual;
    c.ids = "4711:4711";
    CHECK(start(&c) == 2 && close(far_end) == 0);
    c = usual;
    c.source = "raw";
    CHECK(start(&c) == 2 && close(far_end) == 0);
    c = usual;
    c.program[0] = NULL;
    CHECK(start(&c) == 2 && close(far_end) == 0);
    before_exec = close_the_last;
    CHECK(start(&usual) == 2 && close(far_end) == 0);
    before_exec = NULL;
    CHECK(nobody_left(0));
}

/* Names that the mount table writes in another way, and a way to the target that is not its own. */
static void strange_names(void)
{
    struct call c = usual;

    folder(HOME "/a b\tc\\d\ne", MALLORY, 0700);
    c.target = c.program[2] = HOME "/a b\tc\\d\ne";
    run(&c);
    CHECK(report[0] == '\n' && is_mounted(HOME "/a\\040b\\011c\\134d\\012e"));
    kill(supervisor, SIGTERM);
    CHECK(nobody_left(SOON_MS) && !is_mounted(HOME "/a\\040b\\011c\\134d\\012e"));
    CHECK(symlink(HOME, "/mnt/link") == 0);
    c.target = c.program[2] = "/mnt/link/clear";
    CHECK(mounts(&c) && ends_when_told(SOON_MS) && unlink("/mnt/link") == 0);
}

/* As the user, in a process of its own. */
static int as_mallory(const char *command)
{
    pid_t user = fork();
    int status = -1;

    if (user == 0) {
        if (setgroups(0, NULL) < 0 || setresgid(MALLORY, MALLORY, MALLORY) < 0 || setresuid(MALLORY, MALLORY, MALLORY) < 0)
            _exit(99);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(98);
    }
    waitpid(user, &status, 0);
    return status;
}

/* Until it is: what goes into the background may still have its first process, which ends by itself. */
static bool killed(const char *program)
{
    long until = now_ms() + SOON_MS;

    do {
        pid_t pid = child_of(supervisor, program);
        if (pid > 0)
            kill(pid, SIGKILL);
    } while (!nobody_left(20) && now_ms() < until);
    return nobody_left(0);
}

/* A volume from its making to the second login, and what must not open it. */
static void lives_with(struct call c, const char *config, const char *wrong)
{
    c.source = RAW;
    c.limit = "30000";
    c.flags = "pcw";
    password("Tr0ub4dor&3", 11);
    CHECK(mounts(&c));
    CHECK(as_mallory("echo clear text >" CLEAR "/file") == 0);
    /* Root, too, sees nothing. */
    CHECK(access(CLEAR "/file", F_OK) < 0 && errno == EACCES);
    CHECK(ends_when_told(SOON_MS));
    CHECK(as_mallory("! grep -r clear " HOME) == 0);
    CHECK(mounts(&c) && as_mallory("grep -q 'clear text' " CLEAR "/file") == 0);
    CHECK(killed(c.program[0] + strlen("/usr/bin/")) && is_mounted(CLEAR));
    umount2(CLEAR, MNT_DETACH);
    CHECK(mounts(&c));
    /* libfuse's own way to end it, while it is stopped. */
    CHECK(kill(child_of(supervisor, c.program[0] + strlen("/usr/bin/")), SIGSTOP) == 0 && ends_when_told(ENDED_MS));
    password("Tr0ub4dor&4", 11);
    CHECK(refused(&c, wrong));
    password("Tr0ub4dor&3", 11);
    CHECK(truncate(config, 100) == 0 || as_mallory("chmod u+w " RAW "/*") == 0);
    CHECK(truncate(config, 100) == 0 && refused(&c, "its exit status is "));
    CHECK(unlink(config) == 0 && refused(&c, "its exit status is "));
}

static void with_encfs(void)
{
    lives_with((struct call){ .ids = usual.ids, .target = CLEAR, .create = { "/usr/bin/encfs", "--standard", "--stdinpass", RAW, CLEAR },
                              .program = { "/usr/bin/encfs", "--stdinpass", "-c", RAW "/.encfs6.xml", RAW, CLEAR } },
               RAW "/.encfs6.xml", "password incorrect");
}

static void with_gocryptfs(void)
{
    lives_with((struct call){ .ids = usual.ids, .target = CLEAR, .create = { "/usr/bin/gocryptfs", "-q", "-init", "-scryptn", "10", RAW },
                              .program = { "/usr/bin/gocryptfs", "-q", RAW, CLEAR } },
               RAW "/gocryptfs.conf", "Password incorrect.");
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    { "it is mounted, stays, and goes when it is told", mounted_and_taken_away },
    { "a program may stay in the foreground", in_the_foreground },
    { "the target is an empty folder of the user's own", targets },
    { "folders that are missing are made", what_is_missing_is_made },
    { "the source is a folder with something in it", sources },
    { "a volume is made in an empty source, with the password", volume_is_made },
    { "what hangs is ended within its limit", what_hangs },
    { "folders that hang do not hang us", folders_that_hang },
    { "what dies at once leaves nothing", dies_at_once },
    { "what dies later ends us, and leaves the dead mount", dies_later },
    { "the user may take it away, and not end us", the_user_takes_it_away },
    { "stubborn, stopped and busy ones are ended when we are told", told_to_end },
    { "told to end before it is there", told_to_end_before_it_is_there },
    { "when the helper goes, so does all, also with an unread report", goes_with_the_helper },
    { "when the helper goes before the volume is somebody's, so does all", goes_with_the_helper_until_it_is_somebodys },
    { "the password arrives, each byte of it, and for the next volume", password_arrives },
    { "no password in the pipe, and no pipe", no_password_in_the_pipe },
    { "the password is nowhere else", password_is_nowhere_else },
    { "environment, descriptors, signals, limits, ids are fresh", process_is_a_fresh_one },
    { "of a flood the beginning is kept", flood_is_cut },
    { "the program is one that root alone can change", programs },
    { "without rights nothing is done", without_rights },
    { "strange names and links on the way", strange_names },
    { "calls are read strictly", bad_calls },
    { "a volume of encfs from its making on", with_encfs },
    { "a volume of gocryptfs from its making on", with_gocryptfs },
};

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
    /* The machine's own may be root's alone; and fusermount wants to know its user's name. */
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

int main(int argc, char **argv)
{
    if (geteuid() != 0) {
        tap_skip("volumes", "only root enters namespaces");
        return tap_end();
    }
    set_stage(argc > 1 ? argv[1] : "build/plain");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        home_anew();
        if (cases[i].run == with_encfs && access("/usr/bin/encfs", X_OK) < 0)
            tap_skip(cases[i].name, "encfs is not installed");
        else if (cases[i].run == with_gocryptfs && access("/usr/bin/gocryptfs", X_OK) < 0)
            tap_skip(cases[i].name, "gocryptfs is not installed");
        else
            tap_case(cases[i].name, cases[i].run);
    }
    return tap_end();
}
