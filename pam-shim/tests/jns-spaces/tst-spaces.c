/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/nsfs.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

/* Runs jns-spaces as the daemon does, in a separate mount namespace. */

enum { MOST = 32, SOON_MS = 15000 };

static char program[4096];
static char report[4096];
static int got[MOST];
static size_t count;
static int far_end;
static pid_t init;
static void (*before_exec)(void);
static const char *cgroups = "/";

static const struct {
    const char *name;
    int type;
} kinds[] = {
    { "ipc", CLONE_NEWIPC }, { "uts", CLONE_NEWUTS },       { "net", CLONE_NEWNET },
    { "pid", CLONE_NEWPID }, { "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME },
};
enum { KINDS = sizeof kinds / sizeof *kinds };
#define ALL "ipc,uts,net,pid,cgroup,time"

static pid_t start(const char *names, const char *hostname, const char *leader, const char *procs)
{
    char *const argv[] = { (char[]){ "jns-spaces" }, (char *)names, (char *)hostname, (char *)leader, (char *)procs, NULL };
    char *const hostile[] = { (char[]){ "PATH=/mnt" }, (char[]){ "LD_LIBRARY_PATH=/mnt" }, NULL };
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        abort();
    pid_t pid = fork();
    if (pid == 0) {
        int proc = open("/proc", O_PATH | O_DIRECTORY), cgroup = open(cgroups, O_PATH | O_DIRECTORY);
        if (dup2(proc, 0) < 0 || dup2(ends[1], 1) < 0 || dup2(cgroup, 2) < 0)
            abort();
        if (before_exec != NULL)
            before_exec();
        execve(program, argv, hostile);
        _exit(99);
    }
    close(ends[1]);
    far_end = ends[0];
    return pid;
}

static void receive(void)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(MOST * sizeof(int))];
    } control;
    struct iovec iov = { .iov_base = report, .iov_len = sizeof report - 1 };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control };
    ssize_t n = recvmsg(far_end, &msg, MSG_CMSG_CLOEXEC);

    report[n > 0 ? n : 0] = '\0';
    count = 0;
    for (struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL; c != NULL; c = CMSG_NXTHDR(&msg, c)) {
        count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(got, CMSG_DATA(c), count * sizeof(int));
    }
}

/* What went wrong. */
static const char *run(const char *names, const char *hostname, const char *procs)
{
    int status;
    pid_t pid = start(names, hostname, "0", procs);

    receive();
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    char *end = strchr(report, '\n');
    if (end == NULL)
        return "no report";
    *end = '\0';
    init = atoi(end + 1);
    return report;
}

static bool has(const char *part)
{
    if (strstr(report, part) != NULL)
        return true;
    printf("#   report: %s\n", report);
    return false;
}

static ino_t inode_of(int fd)
{
    struct stat st;

    return fstat(fd, &st) < 0 ? 0 : st.st_ino;
}

static ino_t inode_at(const char *path)
{
    struct stat st;

    return stat(path, &st) < 0 ? 0 : st.st_ino;
}

static bool is_new(int fd, const char *name, int type)
{
    struct statfs fs;
    char own[64];

    snprintf(own, sizeof own, "/proc/self/ns/%s", name);
    return fstatfs(fd, &fs) == 0 && fs.f_type == NSFS_MAGIC && ioctl(fd, NS_GET_NSTYPE) == type && inode_of(fd) != inode_at(own);
}

/* Waits for the child that a case left in the namespaces. */
static int result_of(pid_t pid)
{
    int status = -1;

    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void keep(void) { CHECK(send(far_end, "k", 1, 0) == 1); }

static bool ends(pid_t pid)
{
    for (int i = 0; i < SOON_MS / 10; i++) {
        if (kill(pid, 0) < 0)
            return true;
        poll(NULL, 0, 10);
    }
    return false;
}

static void each_kind(void)
{
    for (int i = 0; i < KINDS; i++) {
        CHECK(strcmp(run(kinds[i].name, "-", "0"), "") == 0);
        CHECK(count == 1 && is_new(got[0], kinds[i].name, kinds[i].type));
        CHECK((init != 0) == (kinds[i].type == CLONE_NEWPID));
        close(far_end);
    }
}

static void all_kinds(void)
{
    CHECK(strcmp(run("time,cgroup,pid,net,uts,ipc", "sandbox", "2"), "") == 0 && count == KINDS + 2);
    for (int i = 0; i < KINDS; i++)
        CHECK(is_new(got[i], kinds[KINDS - 1 - i].name, kinds[KINDS - 1 - i].type));
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/time", (int)init);
    CHECK(inode_at(path) == inode_of(got[0]));
    close(far_end);
}

static void nothing_of_the_host_changes(void)
{
    char before[65], after[65];
    ino_t uts = inode_at("/proc/self/ns/uts"), mounts = inode_at("/proc/self/ns/mnt");

    gethostname(before, sizeof before);
    run(ALL, "sandbox", "0");
    gethostname(after, sizeof after);
    CHECK(strcmp(before, after) == 0 && uts == inode_at("/proc/self/ns/uts"));
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)init);
    CHECK(inode_at(path) == mounts);
    close(far_end);
}

static int look_inside(void)
{
    char name[65];
    struct ifreq lo = { .ifr_name = "lo" };
    int s = socket(AF_UNIX, SOCK_DGRAM, 0);

    if (gethostname(name, sizeof name) < 0 || strcmp(name, "sandbox") != 0)
        return 1;
    if (ioctl(s, SIOCGIFFLAGS, &lo) < 0 || (lo.ifr_flags & IFF_UP) == 0)
        return 2;
    struct if_nameindex *all = if_nameindex();
    if (all == NULL || all[0].if_index == 0 || strcmp(all[0].if_name, "lo") != 0 || all[1].if_index != 0)
        return 3;
    return 0;
}

static void hostname_and_loopback(void)
{
    CHECK(strcmp(run("uts,net", "sandbox", "0"), "") == 0);
    pid_t pid = fork();
    if (pid == 0)
        _exit(setns(got[0], CLONE_NEWUTS) < 0 || setns(got[1], CLONE_NEWNET) < 0 ? 9 : look_inside());
    CHECK(result_of(pid) == 0);
}

static bool line_of(pid_t pid, const char *file, const char *wanted)
{
    char path[64], text[4096];

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    int fd = open(path, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    if (strstr(text, wanted) != NULL)
        return true;
    printf("#   %s: %s\n", path, text);
    return false;
}

static int files_of(pid_t pid)
{
    char path[64];
    int files = 0;

    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *d = opendir(path);
    while (d != NULL && readdir(d) != NULL)
        files++;
    if (d != NULL)
        closedir(d);
    return files - 2;
}

static bool renamed(void)
{
    for (int i = 0; i < SOON_MS / 10; i++) {
        char path[64], name[32] = "";
        snprintf(path, sizeof path, "/proc/%d/comm", (int)init);
        int fd = open(path, O_RDONLY);
        if (fd >= 0 && read(fd, name, sizeof name - 1) > 0 && strcmp(name, "jns-init\n") == 0 && files_of(init) == 0) {
            close(fd);
            return true;
        }
        close(fd);
        poll(NULL, 0, 10);
    }
    return false;
}

static void process_1_has_nothing(void)
{
    CHECK(strcmp(run("pid", "-", "0"), "") == 0 && init > 1);
    keep();
    CHECK(renamed());
    close(far_end);
    CHECK(line_of(init, "status", "CapEff:\t0000000000000000") && line_of(init, "status", "CapPrm:\t0000000000000000"));
    CHECK(line_of(init, "status", "NoNewPrivs:\t1") && line_of(init, "status", "\t1\n") && line_of(init, "cmdline", "jns-init"));
    CHECK(files_of(init) == 0 && line_of(init, "stat", " (jns-init) S "));
    char path[64], target[64] = "";
    snprintf(path, sizeof path, "/proc/%d/cwd", (int)init);
    CHECK(readlink(path, target, sizeof target - 1) == 1 && target[0] == '/');
    poll(NULL, 0, 100);
    CHECK(kill(init, 0) == 0);
    kill(init, SIGKILL);
    CHECK(ends(init));
}

static void ends_unless_it_is_kept(void)
{
    CHECK(strcmp(run("pid", "-", "1"), "") == 0 && kill(init, 0) == 0);
    close(far_end);
    CHECK(ends(init));
}

/* An orphan in the namespace; the result is how many processes are there once it has ended: two, or more after too long. */
static int orphan(void)
{
    if (mkdir("/mnt/proc", 0755) < 0 && errno != EEXIST)
        return 90;
    if (syscall(SYS_fsconfig, got[1], FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return 91;
    int tree = (int)syscall(SYS_fsmount, got[1], FSMOUNT_CLOEXEC, 0);
    if (tree < 0 || syscall(SYS_move_mount, tree, "", AT_FDCWD, "/mnt/proc", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return 92;
    pid_t middle = fork();
    if (middle == 0) {
        if (fork() == 0) {
            poll(NULL, 0, 100);
            _exit(0);
        }
        _exit(0);
    }
    waitpid(middle, NULL, 0);
    kill(1, SIGTERM);
    kill(1, SIGKILL);
    int seen = 0;
    for (int i = 0; i < SOON_MS / 10; i++) {
        seen = 0;
        DIR *d = opendir("/mnt/proc");
        for (struct dirent *e = readdir(d); e != NULL; e = readdir(d))
            if (e->d_name[0] >= '0' && e->d_name[0] <= '9')
                seen++;
        closedir(d);
        if (seen == 2)
            break;
        poll(NULL, 0, 10);
    }
    return seen;
}

static void orphans_are_taken(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    CHECK(strcmp(run("pid", "-", "1"), "") == 0 && count == 2);
    keep();
    close(far_end);
    CHECK(renamed());
    if (setns(got[0], CLONE_NEWPID) < 0)
        abort();
    pid_t pid = fork();
    if (pid == 0)
        _exit(getpid() == 2 ? orphan() : 99);
    /* Process 1 and this one: no zombie, and nobody inside can kill process 1. */
    CHECK(result_of(pid) == 2);
    CHECK(kill(init, 0) == 0);
    pid = fork();
    if (pid == 0)
        pause();
    kill(init, SIGKILL);
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    /* The search for leaks starts a thread. */
    CHECK(setns(open("/proc/self/ns/pid", O_RDONLY), CLONE_NEWPID) == 0);
}

static void without_rights(void)
{
    if (setresuid(4711, 4711, 4711) < 0)
        abort();
}

static void what_fails_is_told(void)
{
    before_exec = without_rights;
    for (int i = 0; i < KINDS; i++) {
        char wanted[100];
        snprintf(wanted, sizeof wanted, "cannot make a %s namespace: Operation not permitted", kinds[i].name);
        CHECK(strcmp(run(kinds[i].name, "-", "0"), wanted) == 0 && count == 0);
    }
}

static bool put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    close(fd);
    return good;
}

static void no_more_of_them(void)
{
    if (unshare(CLONE_NEWUSER) < 0 || !put("/proc/self/uid_map", "0 0 1"))
        abort();
    if (!put("/proc/sys/user/max_net_namespaces", "0"))
        abort();
}

static void limits_are_named(void)
{
    before_exec = no_more_of_them;
    run("uts,net", "-", "0");
    CHECK(has("cannot make a net namespace: No space left on device; raise /proc/sys/user/max_net_namespaces"));
    CHECK(count == 0);
}

static void other_proc(void)
{
    int null = open("/dev/null", O_RDONLY);

    if (dup2(null, 0) < 0)
        abort();
}

static void no_proc(void)
{
    before_exec = other_proc;
    run("uts", "-", "0");
    CHECK(has("cannot open the new uts namespace: Not a directory"));
    run("pid", "-", "0");
    CHECK(has("cannot read the process's number: Not a directory; is /proc mounted?"));
}

static void cgroup_is_the_leaders(void)
{
    char leader[20], root[4096] = "";

    if (mkdir("/mnt/cgroup", 0755) < 0 || mount("none", "/mnt/cgroup", "cgroup2", 0, NULL) < 0
        || mkdir("/mnt/cgroup/jns-tst-spaces", 0755) < 0) {
        tap_check(errno == EROFS || errno == EPERM || errno == EEXIST, "a cgroup can be made", __FILE__, __LINE__);
        printf("#   no cgroup can be made here\n");
        return;
    }
    pid_t sleeper = fork();
    if (sleeper == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pause();
    }
    snprintf(leader, sizeof leader, "%d", (int)sleeper);
    CHECK(put("/mnt/cgroup/jns-tst-spaces/cgroup.procs", leader));
    cgroups = "/mnt/cgroup";
    pid_t pid = start("cgroup", "-", leader, "0");
    receive();
    CHECK(result_of(pid) == 0 && count == 1);
    pid = fork();
    if (pid == 0) {
        char path[64], text[4096];
        if (setns(got[0], CLONE_NEWCGROUP) < 0)
            _exit(9);
        snprintf(path, sizeof path, "/proc/%d/cgroup", (int)sleeper);
        int fd = open(path, O_RDONLY);
        ssize_t n = read(fd, text, sizeof text - 1);
        text[n > 0 ? n : 0] = '\0';
        printf("#   the leader is in %s", strstr(text, "0::"));
        fflush(stdout);
        _exit(strstr(text, "0::/\n") != NULL ? 0 : 1);
    }
    CHECK(result_of(pid) == 0);
    /* Only the leader is in there: jns-spaces has gone back. */
    int fd = open("/mnt/cgroup/jns-tst-spaces/cgroup.procs", O_RDONLY);
    ssize_t n = read(fd, root, sizeof root - 1);
    root[n > 0 ? n - 1 : 0] = '\0';
    CHECK(strcmp(root, leader) == 0);
    close(fd);
    kill(sleeper, SIGKILL);
    waitpid(sleeper, NULL, 0);
    for (int i = 0; i < 100 && rmdir("/mnt/cgroup/jns-tst-spaces") < 0; i++)
        poll(NULL, 0, 10);
}

static void close_the_last(void) { close(2); }

static int status_of(const char *names, const char *hostname, const char *leader, const char *procs)
{
    pid_t pid = start(names, hostname, leader, procs);
    int status = result_of(pid);

    close(far_end);
    return status;
}

static void bad_calls(void)
{
    static const char *const bad[][4] = {
        { "", "-", "0", "0" },         { "mnt", "-", "0", "0" },
        { "user", "-", "0", "0" },     { "uts,", "-", "0", "0" },
        { ",uts", "-", "0", "0" },     { "uts,uts", "-", "0", "0" },
        { "uts net", "-", "0", "0" },  { "ut", "-", "0", "0" },
        { "utsx", "-", "0", "0" },     { "net", "name", "0", "0" },
        { "uts", "", "0", "0" },       { "uts", "0123456789012345678901234567890123456789012345678901234567890123456789", "0", "0" },
        { "uts", "-", "", "0" },       { "uts", "-", "self", "0" },
        { "uts", "-", "1/../2", "0" }, { "uts", "-", "-1", "0" },
        { "uts", "-", "0", "1" },      { "pid", "-", "0", "17" },
        { "pid", "-", "0", "-1" },     { "pid", "-", "0", "" },
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (status_of(bad[i][0], bad[i][1], bad[i][2], bad[i][3]) != 2)
            tap_check(false, bad[i][0], __FILE__, __LINE__);
    before_exec = close_the_last;
    CHECK(status_of("uts", "-", "0", "0") == 2);
}

int main(int argc, char **argv)
{
    (void)argc;
    if (geteuid() != 0) {
        tap_skip("namespaces", "only root makes them");
        return tap_end();
    }
    char *build = realpath(argv[1], NULL);
    snprintf(program, sizeof program, "%s/jns-spaces", build);
    free(build);
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0
        || mount("spaces", "/mnt", "tmpfs", 0, "mode=755") < 0)
        abort();
    tap_case("each kind alone", each_kind);
    tap_case("all kinds, in any order", all_kinds);
    tap_case("nothing changes for the caller", nothing_of_the_host_changes);
    tap_case("the host name is set, the loopback is up and alone", hostname_and_loopback);
    tap_case("process 1 has no files, rights or terminal", process_1_has_nothing);
    tap_case("process 1 ends with its maker unless it is kept", ends_unless_it_is_kept);
    tap_case("process 1 takes orphans, and cannot be ended from within", orphans_are_taken);
    tap_case("what fails is told", what_fails_is_told);
    tap_case("limits are named", limits_are_named);
    tap_case("without proc there are no namespaces", no_proc);
    tap_case("the cgroup namespace begins where the leader is", cgroup_is_the_leaders);
    tap_case("calls are read strictly", bad_calls);
    return tap_end();
}
