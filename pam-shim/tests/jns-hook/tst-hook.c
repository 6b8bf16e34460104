/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "identity.h"
#include "tap.h"

/* Runs jns-hook as the daemon does, in a separate mount namespace with a root-owned folder of programs. */

#define PLACE "/mnt/programs/"
enum { MALLORY = 4711, DESCRIPTORS = 50, SOON_MS = 20000 };

static char hook_path[4096];
static char report[4096];
static void (*before_exec)(void);
static int far_end;

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static pid_t start(const char *limit, const char *ids, const char *program, const char *argument)
{
    char *const argv[] = { (char[]){ "jns-hook" }, (char *)limit,      (char *)ids,
                           (char[]){ "mallory" },  (char[]){ "4711" }, (char[]){ "sshd" },
                           (char *)program,        (char *)argument,   NULL };
    char *const hostile[] = { (char[]){ "PATH=/mnt" },
                              (char[]){ "IFS=/" },
                              (char[]){ "BASH_ENV=/mnt/x" },
                              (char[]){ "ENV=/mnt/x" },
                              (char[]){ "LD_LIBRARY_PATH=/mnt" },
                              (char[]){ "JAVA_TOOL_OPTIONS=-Dx" },
                              (char[]){ "JNS_USER=root" },
                              NULL };
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        abort();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDONLY);
        if (dup2(null, 0) < 0 || dup2(ends[1], 1) < 0 || dup2(null, 2) < 0)
            abort();
        if (before_exec != NULL)
            before_exec();
        execve(hook_path, argv, hostile);
        _exit(99);
    }
    close(ends[1]);
    far_end = ends[0];
    return pid;
}

/* The report; its first line says what went wrong. */
static const char *run(const char *limit, const char *ids, const char *program, const char *argument)
{
    pid_t pid = start(limit, ids, program, argument);
    ssize_t n = recv(far_end, report, sizeof report - 1, 0);
    int status;

    report[n > 0 ? n : 0] = '\0';
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(far_end);
    return report;
}

static void make(const char *name, const char *text, mode_t mode, uid_t uid)
{
    char path[300];
    snprintf(path, sizeof path, "%s%s", PLACE, name);
    FILE *f = fopen(path, "w");

    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0 || chown(path, uid, uid) < 0 || chmod(path, mode) < 0)
        abort();
}

static const char *script(const char *limit, const char *ids, const char *text)
{
    char whole[2000];

    snprintf(whole, sizeof whole, "#!/bin/sh\n%s\n", text);
    make("script", whole, 0755, 0);
    return run(limit, ids, PLACE "script", NULL);
}

static bool has(const char *part)
{
    if (strstr(report, part) != NULL)
        return true;
    printf("#   report: %s\n", report);
    return false;
}

static void succeeds(void)
{
    CHECK(strcmp(run("5000", "root", "/bin/echo", "a  b $HOME"), "\na  b $HOME\n") == 0);
    CHECK(strcmp(script("5000", "root", "echo script; echo told >&2"), "\nscript\ntold\n") == 0);
}

static void environment_is_fixed(void)
{
    run("5000", "root", "/usr/bin/env", NULL);
    CHECK(strcmp(report, "\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nLANG=C.UTF-8\nJNS_USER=mallory\nJNS_UID=4711\nJNS_SERVICE=sshd\n") == 0);
}

static void open_many(void)
{
    for (int fd = 3; fd <= DESCRIPTORS; fd++)
        if (dup2(0, fd) != fd)
            abort();
}

static void no_descriptors(void)
{
    before_exec = open_many;
    /* 3 is the folder that ls itself reads. */
    CHECK(strcmp(run("5000", "root", "/bin/ls", "/proc/self/fd"), "\n0\n1\n2\n3\n") == 0);
    script("5000", "root", "readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2; cat");
    CHECK(has("\n/dev/null\npipe:["));
}

static void spoil(void)
{
    const struct rlimit small = { 2, RLIM_INFINITY }, files = { 700, 900 };
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int s = 1; s <= SIGRTMAX; s++)
        if (s != SIGCHLD)
            signal(s, SIG_IGN);
    umask(0777);
    if (chdir("/mnt") < 0 || setrlimit(RLIMIT_FSIZE, &small) < 0 || setrlimit(RLIMIT_NOFILE, &files) < 0)
        abort();
}

static void process_is_a_fresh_one(void)
{
    before_exec = spoil;
    script("5000", "root",
           "umask; pwd; ulimit -f; ulimit -n; ulimit -c; grep -E '^Sig(Blk|Ign)' /proc/self/status; [ \"$(ps -o sid= -p $$ | tr -d ' ')\" "
           "= $$ ] && echo leads");
    CHECK(has("\n0022\n/\nunlimited\n900\n0\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nleads\n"));
}

static void as_root(void)
{
    const gid_t groups[] = { 1, 2, 3 };

    if (setgroups(3, groups) < 0)
        abort();
    script("5000", "root", "id -u; id -g; id -G; grep NoNewPrivs /proc/self/status");
    CHECK(has("\n0\n0\n0\nNoNewPrivs:\t0\n"));
}

static void as_the_user(void)
{
    script("5000", "4711:4712:4712,70000", "id -u; id -ru; id -g; id -G; grep -E '^(NoNewPrivs|CapPrm|CapEff|Uid)' /proc/self/status");
    CHECK(has("\n4711\n4711\n4712\n4712 "
              "70000\nUid:\t4711\t4711\t4711\t4711\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n"));
    make("secret", "#!/bin/sh\n", 0700, 0);
    CHECK(strcmp(run("5000", "4711:4711:4711", PLACE "secret", NULL), "Permission denied\n") == 0);
}

static void other_status_is_told(void)
{
    CHECK(strcmp(script("5000", "root", "echo why; exit 7"), "its exit status is 7\nwhy\n") == 0);
    CHECK(strcmp(script("5000", "root", "exit 127"), "its exit status is 127\n") == 0);
    CHECK(strcmp(script("5000", "root", "kill -SEGV $$"), "it was ended by signal 11 (Segmentation fault)\n") == 0);
}

/* Everything that is left of the hook has become a child of this process, and no such child lives. */
static void require_nobody_left(void)
{
    long began = now_ms();

    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
    CHECK(errno == ECHILD && now_ms() - began < SOON_MS);
}

static void what_hangs_is_ended(void)
{
    long began = now_ms();

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    CHECK(strcmp(script("1500", "root", "trap '' TERM HUP INT; sleep 600 & echo begun; sleep 600"),
                 "it has not ended within 1500 ms\nbegun\n")
          == 0);
    CHECK(now_ms() - began >= 1500 && now_ms() - began < SOON_MS);
    CHECK(strcmp(script("400", "4711:4711:4711", "kill -STOP $$"), "it has not ended within 400 ms\n") == 0);
    require_nobody_left();
}

static void what_is_left_behind_is_ended(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    /* A process that is left would hold the pipe open, too. */
    CHECK(strcmp(script("5000", "root", "for i in 1 2 3 4 5 6 7 8 9; do sh -c 'sleep 600 & sleep 600' & done; echo done"), "\ndone\n")
          == 0);
    script("300", "root", "bomb() { while :; do (sleep 600 & sleep 600) & done; }; bomb");
    CHECK(has("it has not ended within 300 ms"));
    require_nobody_left();
}

static void flood_is_cut(void)
{
    script("5000", "root", "head -c 3000000 /dev/zero | tr '\\0' x");
    CHECK(report[0] == '\n' && strlen(report) == 1001);
    run("1500", "root", "/usr/bin/yes", NULL);
    CHECK(has("it has not ended within 1500 ms\ny\ny\n"));
}

static void goes_with_the_daemon(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    start("60000", "root", "/bin/sleep", "600");
    poll(NULL, 0, 200);
    close(far_end);
    require_nobody_left();
    /* The same if jns-hook itself is killed, as far as the program is concerned. */
    pid_t hook = start("60000", "4711:4711:4711", "/bin/sleep", "600");
    poll(NULL, 0, 200);
    kill(hook, SIGKILL);
    require_nobody_left();
    close(far_end);
}

static void program_is_roots(void)
{
    make("hers", "#!/bin/sh\n", 0755, MALLORY);
    CHECK(strcmp(run("5000", "root", PLACE "hers", NULL), "hers: its owner is not root\n") == 0);
    make("open", "#!/bin/sh\n", 0757, 0);
    CHECK(strcmp(run("5000", "root", PLACE "open", NULL), "open: others than root can write it\n") == 0);
    make("group", "#!/bin/sh\n", 0775, 0);
    if (chown(PLACE "group", 0, MALLORY) < 0)
        abort();
    CHECK(strcmp(run("5000", "4711:4711:4711", PLACE "group", NULL), "group: others than root can write it\n") == 0);
}

static void way_is_roots(void)
{
    mkdir(PLACE "her", 0755);
    mkdir(PLACE "sticky", 0755);
    make("her/x", "#!/bin/sh\n", 0755, 0);
    make("sticky/x", "#!/bin/sh\n", 0755, 0);
    if (chown(PLACE "her", MALLORY, MALLORY) < 0 || chmod(PLACE "sticky", 01777) < 0)
        abort();
    CHECK(strcmp(run("5000", "root", PLACE "her/x", NULL), "her: its owner is not root\n") == 0);
    CHECK(strcmp(run("5000", "root", PLACE "sticky/x", NULL), "sticky: others than root can write it\n") == 0);
    CHECK(strcmp(run("5000", "root", PLACE "her/../script", NULL), "her: its owner is not root\n") == 0);
}

static void links(void)
{
    make("real", "#!/bin/sh\necho real\n", 0755, 0);
    mkdir(PLACE "folder", 0755);
    if (symlink("../real", PLACE "folder/relative") < 0 || symlink(PLACE "folder", PLACE "absolute") < 0
        || symlink("loop", PLACE "loop") < 0 || symlink("real", PLACE "hers-to") < 0 || lchown(PLACE "hers-to", MALLORY, MALLORY) < 0)
        abort();
    CHECK(strcmp(run("5000", "root", PLACE "absolute/relative", NULL), "\nreal\n") == 0);
    CHECK(strcmp(run("5000", "root", PLACE "loop", NULL), "loop: Too many levels of symbolic links\n") == 0);
    CHECK(strcmp(run("5000", "root", PLACE "hers-to", NULL), "hers-to: it is a symbolic link whose owner is not root\n") == 0);
    mkdir(PLACE "sticky", 0755);
    if (symlink("../real", PLACE "sticky/link") < 0 || chmod(PLACE "sticky", 01777) < 0)
        abort();
    CHECK(strcmp(run("5000", "root", PLACE "sticky/link", NULL), "sticky: others than root can write it\n") == 0);
}

static void what_is_no_program(void)
{
    make("plain", "#!/bin/sh\n", 0644, 0);
    CHECK(strcmp(run("5000", "root", PLACE "plain", NULL), "plain: it is not executable; run chmod 755 on it\n") == 0
          || has("programs/plain: it is not executable; run chmod 755 on it\n"));
    CHECK(strcmp(run("5000", "root", PLACE "absent", NULL), "absent: No such file or directory\n") == 0);
    run("5000", "root", "/mnt/programs", NULL);
    CHECK(has("/mnt/programs: it is no regular file\n"));
    run("5000", "root", PLACE "plain/x", NULL);
    CHECK(has("x: Not a directory\n"));
    run("5000", "root", "bin/true", NULL);
    CHECK(has("it is no absolute path\n"));
    if (mkfifo(PLACE "fifo", 0755) < 0)
        abort();
    long began = now_ms();
    run("5000", "root", PLACE "fifo", NULL);
    CHECK(has("it is no regular file\n") && now_ms() - began < SOON_MS);
    make("text", "not a program\n", 0755, 0);
    CHECK(strcmp(run("5000", "root", PLACE "text", NULL), "Exec format error\n") == 0);
    make("lost", "#!/mnt/programs/absent\n", 0755, 0);
    CHECK(strcmp(run("5000", "root", PLACE "lost", NULL), "No such file or directory\n") == 0);
}

static void nothing_executable(void)
{
    make("script", "#!/bin/sh\n", 0755, 0);
    if (mount(NULL, "/mnt", NULL, MS_REMOUNT | MS_NOEXEC, NULL) < 0)
        abort();
    CHECK(strcmp(run("5000", "root", PLACE "script", NULL), "Permission denied\n") == 0);
    if (mount(NULL, "/mnt", NULL, MS_REMOUNT, NULL) < 0)
        abort();
}

static void no_process_more(void)
{
    const struct rlimit none = { 0, 0 };

    setrlimit(RLIMIT_NPROC, &none);
}

/* setresuid(2) succeeds nevertheless, and the program would run as root if jns-hook did not verify the result. */
static void no_room_for_another_process(void)
{
    int ready[2];
    char byte = 0;

    if (pipe2(ready, O_CLOEXEC) < 0)
        abort();
    pid_t sleeper = fork();
    if (sleeper == 0) {
        if (setresuid(MALLORY, MALLORY, MALLORY) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || write(ready[1], &byte, 1) != 1)
            abort();
        pause();
    }
    close(ready[1]);
    CHECK(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    before_exec = no_process_more;
    make("script", "#!/bin/sh\nid -u\n", 0755, 0);
    run("5000", "4711:4711:4711", PLACE "script", NULL);
    CHECK(has("Resource temporarily unavailable\n"));
    kill(sleeper, SIGKILL);
    waitpid(sleeper, NULL, 0);
}

static void without_rights_nobody_is_become(void)
{
    static struct identity ids;

    CHECK(identity_read("4712:4712:4712", &ids));
    if (setresuid(MALLORY, MALLORY, MALLORY) < 0)
        abort();
    CHECK(!identity_become(&ids, false));
    CHECK(identity_read("root", &ids) && !identity_become(&ids, false));
}

static void kept_rights_are_noticed(void)
{
    static struct identity ids;

    /* With these, another user keeps the capabilities of root. */
    if (prctl(PR_SET_SECUREBITS, 1 << 2) < 0)
        abort();
    CHECK(identity_read("4712:4712:4712", &ids));
    CHECK(!identity_become(&ids, false));
}

static void bad_ids(void)
{
    static const char *const bad[] = {
        "",       "1",      "1:",     "1:2",     "1:2:", "1:2:3,",  "1:2:,3", "1:2:3;", "-1:2:3", "1:2:4294967295", "99999999999:1:1",
        " 1:2:3", "1:2:3 ", "+1:2:3", "0x1:2:3", "Root", "root:0:0"
    };
    static struct identity ids;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (identity_read(bad[i], &ids))
            tap_check(false, bad[i], __FILE__, __LINE__);
    CHECK(identity_read("1:2:3,4294967294", &ids) && ids.uid == 1 && ids.gid == 2 && ids.groups == 2 && ids.group[1] == 4294967294U);
    run("5000", "1:2", "/bin/true", NULL);
    CHECK(has("'1:2' are no ids\n"));
}

static void close_the_last(void) { close(2); }

static int status_of(const char *limit, bool closed)
{
    before_exec = closed ? close_the_last : NULL;
    pid_t pid = start(limit, "root", "/bin/true", NULL);
    int status = 0;

    waitpid(pid, &status, 0);
    close(far_end);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void bad_calls(void)
{
    static const char *const limits[] = { "", "0", "-1", "60001", "5s", "5000 " };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        CHECK(status_of(limits[i], false) == 2);
    CHECK(status_of("5000", true) == 2);
    CHECK(status_of("5000", false) == 0);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (geteuid() != 0) {
        tap_skip("hooks", "only root enters namespaces");
        return tap_end();
    }
    char *build = realpath(argv[1], NULL);
    snprintf(hook_path, sizeof hook_path, "%s/jns-hook", build);
    free(build);
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0
        || mount("hooks", "/mnt", "tmpfs", 0, "mode=755") < 0 || mkdir(PLACE, 0755) < 0)
        abort();
    tap_case("a program and a script are run with their arguments", succeeds);
    tap_case("the environment is a fixed list, whatever the caller's is", environment_is_fixed);
    tap_case("no descriptors but 0, 1 and 2", no_descriptors);
    tap_case("signals, limits, umask, folder and session are fresh", process_is_a_fresh_one);
    tap_case("root has no groups but its own", as_root);
    tap_case("the user has the user's ids, and no way back", as_the_user);
    tap_case("exit status and signal are told", other_status_is_told);
    tap_case("what hangs is ended within its limit", what_hangs_is_ended);
    tap_case("what is left behind in the group is ended", what_is_left_behind_is_ended);
    tap_case("of a flood the beginning is kept", flood_is_cut);
    tap_case("when the daemon goes, so does the program", goes_with_the_daemon);
    tap_case("the program is one that root alone can change", program_is_roots);
    tap_case("so is the way to it", way_is_roots);
    tap_case("links are followed where they are root's", links);
    tap_case("what is no program is not run", what_is_no_program);
    tap_case("nothing is run from where nothing may be run", nothing_executable);
    tap_case("no room for a process of the user's", no_room_for_another_process);
    tap_case("who cannot become the user runs nothing", without_rights_nobody_is_become);
    tap_case("capabilities that stay are noticed", kept_rights_are_noticed);
    tap_case("ids are read strictly", bad_ids);
    tap_case("calls are read strictly", bad_calls);
    return tap_end();
}
