/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "fake.h"
#include "stage.h"
#include "tap.h"

/* A session with other namespaces in addition to its mounts: it is in all of them, or in none. */

enum { OTHERS = 6 };

static const struct other {
    const char *file, *own;
    int type;
} others[OTHERS] = {
    { "ipc", "ipc", CLONE_NEWIPC },          { "uts", "uts", CLONE_NEWUTS },
    { "net", "net", CLONE_NEWNET },          { "pid", "pid_for_children", CLONE_NEWPID },
    { "cgroup", "cgroup", CLONE_NEWCGROUP }, { "time", "time", CLONE_NEWTIME },
};

static ino_t inodes[OTHERS]; /* of the caller's, before */

static ino_t own_inode(const char *file)
{
    char path[64];
    struct stat st;

    snprintf(path, sizeof path, "/proc/self/ns/%s", file);
    return stat(path, &st) < 0 ? 0 : st.st_ino;
}

static void remember(void)
{
    for (int i = 0; i < OTHERS; i++)
        inodes[i] = own_inode(others[i].own);
}

/* How many of them are others than before. */
static int moved(void)
{
    int count = 0;

    for (int i = 0; i < OTHERS; i++)
        if (own_inode(others[i].own) != inodes[i])
            count++;
    return count;
}

/* A process that is in new namespaces of all kinds, and is the first of its PID namespace. It keeps them. */
static void open_new(int fds[OTHERS])
{
    char path[64];
    int ready[2];

    if (pipe(ready) < 0 || unshare(CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWCGROUP | CLONE_NEWTIME) < 0)
        _exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ready[0]);
        close(ready[1]);
        for (;;)
            pause();
    }
    for (int i = 0; i < OTHERS; i++) {
        snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, others[i].file);
        fds[i] = open(path, O_RDONLY | O_CLOEXEC);
        if (fds[i] < 0)
            _exit(1);
    }
}

static void answer_with(int connection, int events, bool host, const int *fds, size_t count)
{
    unsigned char packet[4096];

    fake_read(connection, events);
    size_t len = host ? fake_reason(packet, 0x85, "no rule is for alice") : fake_granted(packet, "");
    fake_send(connection, packet, len, fds, count);
    fake_await_end(connection, events);
}

static void grant_all(int connection, int events)
{
    int fds[OTHERS + 1] = { fake_namespace() };

    open_new(fds + 1);
    answer_with(connection, events, false, fds, OTHERS + 1);
}

/* With the mount namespace and the caller's present namespaces, as if su leads to the same user. */
static void grant_own(int connection, int events)
{
    int fds[OTHERS + 1] = { fake_namespace() };
    char path[64];

    for (int i = 0; i < OTHERS; i++) {
        snprintf(path, sizeof path, "/proc/self/ns/%s", others[i].file);
        fds[i + 1] = open(path, O_RDONLY | O_CLOEXEC);
    }
    answer_with(connection, events, false, fds, OTHERS + 1);
}

static void host_with_all(int connection, int events)
{
    int fds[OTHERS + 1] = { open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC) };
    char path[64];

    for (int i = 0; i < OTHERS; i++) {
        snprintf(path, sizeof path, "/proc/self/ns/%s", others[i].file);
        fds[i + 1] = open(path, O_RDONLY | O_CLOEXEC);
    }
    /* A PID namespace cannot be left, so the daemon sends none. */
    fds[4] = fds[OTHERS];
    answer_with(connection, events, true, fds, OTHERS);
}

static void grant_two_of_a_kind(int connection, int events)
{
    int fds[OTHERS + 1] = { fake_namespace() };

    open_new(fds + 1);
    fds[6] = fds[1];
    answer_with(connection, events, false, fds, OTHERS + 1);
}

static void grant_a_user_namespace(int connection, int events)
{
    int fds[] = { fake_namespace(), open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC) };

    answer_with(connection, events, false, fds, 2);
}

static void grant_a_file_too(int connection, int events)
{
    int fds[OTHERS + 1] = { fake_namespace() };

    open_new(fds + 1);
    fds[3] = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    answer_with(connection, events, false, fds, 4);
}

static void grant_the_mounts_last(int connection, int events)
{
    int fds[OTHERS + 1];

    open_new(fds);
    fds[OTHERS] = fake_namespace();
    answer_with(connection, events, false, fds, OTHERS + 1);
}

static void grant_too_many(int connection, int events)
{
    int fds[OTHERS + 2] = { fake_namespace() };

    open_new(fds + 1);
    fds[OTHERS + 1] = fds[1];
    answer_with(connection, events, false, fds, OTHERS + 2);
}

/* The second one belongs to another user namespace. */
static void grant_a_foreign_one(int connection, int events)
{
    int ends[2], fds[2] = { fake_namespace(), -1 };
    char path[64], byte;

    if (pipe(ends) < 0)
        _exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWUTS) < 0 || write(ends[1], "r", 1) != 1)
            _exit(1);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pause();
    }
    snprintf(path, sizeof path, "/proc/%d/ns/uts", (int)pid);
    if (read(ends[0], &byte, 1) == 1)
        fds[1] = open(path, O_RDONLY | O_CLOEXEC);
    answer_with(connection, events, false, fds, 2);
}

static pam_handle_t *login(const struct fake *f)
{
    pam_handle_t *h = stage_login("alice", fake_args(f, "once=off"));

    pam_set_item(h, PAM_TTY, "pts/7");
    return h;
}

static void session_is_in_all(void)
{
    struct fake f = fake_start(grant_all, 0);
    pam_handle_t *h = login(&f);
    int fds = stage_count_fds();

    remember();
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'R', SOON_MS));
    CHECK(moved() == OTHERS && access(stage_path("shadow/mark"), F_OK) == 0);
    CHECK(stage_count_fds() == fds + 1); /* the lease */
    pid_t pid = fork();
    if (pid == 0)
        _exit(getpid());
    int status = 0;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 2);
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'E', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    /* The search for leaks starts a thread, which a process with children elsewhere cannot have. */
    CHECK(setns(open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC), CLONE_NEWPID) == 0);
    fake_stop(&f);
}

/* setns(2) to TYPE fails from now on. */
static void forbid(int type)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setns, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)type, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSPC),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void none_is_entered(fake_serve *serve, const char *why)
{
    char before[PATH_MAX], after[PATH_MAX];
    struct fake f = fake_start(serve, 0);
    pam_handle_t *h = login(&f);
    ino_t mounts = stage_mnt_inode();
    int fds = stage_count_fds();

    remember();
    CHECK(getcwd(before, sizeof before) != NULL);
    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR && fake_event(&f, 'R', SOON_MS));
    CHECK(stage_logged(LOG_ERR, why));
    CHECK(moved() == 0 && stage_mnt_inode() == mounts && stage_count_fds() == fds);
    CHECK(getcwd(after, sizeof after) != NULL && strcmp(before, after) == 0);
    CHECK(fake_event(&f, 'E', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void without(int type, const char *name)
{
    char why[100];

    forbid(type);
    snprintf(why, sizeof why, "cannot enter the %s namespace: No space left on device", name);
    none_is_entered(grant_all, why);
    CHECK(!stage_logged(LOG_ERR, "nor leave"));
}

static void first_fails(void) { without(CLONE_NEWIPC, "IPC"); }
static void middle_fails(void) { without(CLONE_NEWNET, "network"); }
static void pid_fails(void) { without(CLONE_NEWPID, "PID"); }
static void last_fails(void) { without(CLONE_NEWTIME, "time"); }
static void mounts_fail(void) { without(CLONE_NEWNS, "mount"); }

/* For the whole program, with the module: that number of its calls succeed, and those after them fail. */
static int moves_left = -1;

__attribute__((visibility("default"))) int setns(int fd, int type)
{
    if (moves_left == 0) {
        errno = EPERM;
        return -1;
    }
    moves_left -= moves_left > 0;
    return (int)syscall(SYS_setns, fd, type);
}

static int opened_despite_errors(int moves)
{
    struct fake f = fake_start(grant_all, 0);
    pam_handle_t *h = stage_login("alice", fake_args(&f, "once=off on_error=allow"));

    pam_set_item(h, PAM_TTY, "pts/7");
    remember();
    moves_left = moves;
    int rc = pam_open_session(h, 0);
    moves_left = -1;
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
    return rc;
}

static void not_forgiven_where_it_cannot_go_back(void)
{
    CHECK(opened_despite_errors(0) == PAM_SUCCESS && moved() == 0);
    CHECK(opened_despite_errors(1) == PAM_SYSTEM_ERR && moved() == 1);
    CHECK(stage_logged(LOG_ERR, "cannot enter the UTS namespace: Operation not permitted; nor leave those that were entered before"));
}

static void two_of_a_kind(void) { none_is_entered(grant_two_of_a_kind, "descriptor 7 is of a kind that came already"); }
static void user_namespace(void) { none_is_entered(grant_a_user_namespace, "descriptor 2 is of no kind that goes with a mount namespace"); }
static void file_too(void) { none_is_entered(grant_a_file_too, "descriptor 4 is of no kind"); }
static void mounts_last(void) { none_is_entered(grant_the_mounts_last, "it is not a mount namespace"); }
static void too_many(void) { none_is_entered(grant_too_many, "more descriptors than there are kinds of namespaces"); }
static void foreign_one(void)
{
    none_is_entered(grant_a_foreign_one, "cannot enter the UTS namespace that came with the answer: it belongs to another user namespace");
}

static void own_ones_are_not_entered_again(void)
{
    struct fake f = fake_start(grant_own, 0);
    pam_handle_t *h = login(&f);

    for (int i = 0; i < OTHERS; i++)
        forbid(others[i].type);
    remember();
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && moved() == 0 && access(stage_path("shadow/mark"), F_OK) == 0);
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void it_comes_out_of_all(void)
{
    struct fake f = fake_start(host_with_all, 0);
    pam_handle_t *h = login(&f);

    remember();
    CHECK(unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP) == 0 && moved() == 4);
    int fds = stage_count_fds();
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'R', SOON_MS));
    CHECK(moved() == 0 && stage_count_fds() == fds);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void *idle(void *forever)
{
    for (;;)
        pause();
    return forever;
}

static void not_with_threads(void)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, idle, NULL) == 0);
    none_is_entered(grant_all, "cannot enter the time namespace: Too many users, for the program has threads");
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    { "a session is in all of its namespaces", session_is_in_all },
    { "the first one fails: none is entered", first_fails },
    { "one in the middle fails: none is entered", middle_fails },
    { "the PID namespace fails: none is entered", pid_fails },
    { "the time namespace fails: none is entered", last_fails },
    { "the mounts fail: none is entered", mounts_fail },
    { "on_error=allow lets nobody in who cannot go back", not_forgiven_where_it_cannot_go_back },
    { "two of a kind are refused", two_of_a_kind },
    { "a user namespace is refused", user_namespace },
    { "a file among them is refused", file_too },
    { "the mount namespace is the first", mounts_last },
    { "more than seven are refused and closed", too_many },
    { "one of another user namespace is refused", foreign_one },
    { "who is in them already does not enter them again", own_ones_are_not_entered_again },
    { "a session without rules comes out of all", it_comes_out_of_all },
    { "a program with threads enters no time namespace, and no other then", not_with_threads },
};

int main(int argc, char **argv)
{
    stage_set(argc > 1 ? argv[1] : "build/plain");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (geteuid() != 0)
            tap_skip(cases[i].name, "only root can be the daemon and enter namespaces");
        else
            tap_case(cases[i].name, cases[i].run);
    return tap_end();
}
