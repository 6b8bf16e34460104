/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "fake.h"
#include "stage.h"
#include "tap.h"

/* Logins without a running daemon: the module starts a daemon for the one login. */

enum { NOBODY = 65534, BOUND_MS = 8000 };

static int pause_before_send_ms;

/* The module's sendmsg(2), as pam_syslog in the stage: time for the other side to go away between connect and request. */
__attribute__((visibility("default"))) ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
    poll(NULL, 0, pause_before_send_ms);
    return syscall(SYS_sendmsg, fd, msg, flags);
}

static volatile sig_atomic_t chld;

static void count_chld(int signal)
{
    (void)signal;
    chld++;
}

/* A copy of the stand-in under the name that tells it what to do. */
static const char *helper(const char *name)
{
    static char bytes[4 << 20];
    const char *to = stage_path(name);

    unlink(to);
    int in = open(stage_build("once-helper"), O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    ssize_t n = read(in, bytes, sizeof bytes);

    if (n <= 0 || write(out, bytes, (size_t)n) != n || fchmod(out, 0755) < 0)
        abort();
    close(in);
    close(out);
    unlink(stage_path("report"));
    unlink(stage_path("child"));
    return to;
}

static pam_handle_t *login_with(const char *program, const char *more)
{
    char args[PATH_MAX];

    snprintf(args, sizeof args, "socket=%s once=%s %s", stage_path("absent"), program, more);
    stage_forget();
    return stage_login("alice", args);
}

static const char *read_file(const char *name)
{
    static char text[16384];
    int fd = open(stage_path(name), O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);

    text[n < 0 ? 0 : n] = '\0';
    if (fd >= 0)
        close(fd);
    return text;
}

static bool reported(const char *line)
{
    char wanted[512];

    snprintf(wanted, sizeof wanted, "\n%s\n", line);
    return strstr(read_file("report"), wanted) != NULL;
}

static int reported_lines(const char *prefix)
{
    char wanted[64];
    int n = 0;

    snprintf(wanted, sizeof wanted, "\n%s ", prefix);
    for (const char *at = read_file("report"); (at = strstr(at, wanted)) != NULL; at++)
        n++;
    return n;
}

static pid_t reported_pid(void)
{
    const char *at = strstr(read_file("report"), "\npid ");

    return at == NULL ? 0 : (pid_t)atol(at + 5);
}

/* The process is gone, or a zombie that waits for its parent, which is not this process. */
static bool is_gone(pid_t pid)
{
    char path[64], line[512] = "";

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return true;
    char *got = fgets(line, sizeof line, f);
    fclose(f);
    return got == NULL || strstr(line, ") Z ") != NULL;
}

static bool goes(pid_t pid)
{
    for (int i = 0; i < 1000 && !is_gone(pid); i++)
        poll(NULL, 0, 10);
    return is_gone(pid);
}

static bool has_no_child(void) { return waitpid(-1, NULL, WNOHANG | __WALL) == -1 && errno == ECHILD; }

/* Opens with a handler for SIGCHLD, and checks that the program did not notice that it had a child. */
static int open_undisturbed(pam_handle_t *h)
{
    const struct sigaction act = { .sa_handler = count_chld };
    sigset_t before, after;
    long long start = stage_now_ms();

    chld = 0;
    sigaction(SIGCHLD, &act, NULL);
    sigprocmask(SIG_SETMASK, NULL, &before);
    int rc = pam_open_session(h, 0);
    sigprocmask(SIG_SETMASK, NULL, &after);
    CHECK(stage_now_ms() - start < BOUND_MS);
    CHECK(chld == 0);
    CHECK(has_no_child());
    for (int s = 1; s < NSIG; s++)
        CHECK(sigismember(&before, s) == sigismember(&after, s));
    return rc;
}

static void ok(void)
{
    pam_handle_t *h = login_with(helper("once-ok"), "");
    ino_t before = stage_mnt_inode();

    CHECK(open_undisturbed(h) == PAM_SUCCESS);
    CHECK(stage_mnt_inode() != before);
    CHECK(stage_logged(LOG_NOTICE, "--once for this session"));
    CHECK(!is_gone(reported_pid()));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    CHECK(goes(reported_pid()));
    CHECK(chld == 0 && has_no_child());
    pam_end(h, PAM_SUCCESS);
}

static void a_daemon_that_leaves_after_its_answer(void)
{
    pam_handle_t *h = login_with(helper("once-leave"), "");
    ino_t before = stage_mnt_inode();

    CHECK(open_undisturbed(h) == PAM_SUCCESS);
    CHECK(stage_mnt_inode() != before);
    CHECK(goes(reported_pid()));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    CHECK(chld == 0 && has_no_child());
    pam_end(h, PAM_SUCCESS);
}

static void ignored_sigchld(void)
{
    static const char *const programs[] = { "once-leave", "once-exit", "once-hang" };

    for (size_t i = 0; i < 3; i++) {
        pam_handle_t *h = login_with(helper(programs[i]), "timeout=1");

        signal(SIGCHLD, SIG_IGN);
        CHECK((pam_open_session(h, 0) == PAM_SUCCESS) == (i == 0));
        CHECK(has_no_child());
        CHECK(goes(reported_pid()));
        pam_end(h, PAM_SUCCESS);
    }
}

static void refused_with(const char *program, const char *more, const char *why)
{
    ino_t before = stage_mnt_inode();
    int fds;

    pam_end(login_with(program, more), PAM_SUCCESS);
    fds = stage_count_fds();
    pam_handle_t *h = login_with(program, more);
    CHECK(open_undisturbed(h) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, why));
    CHECK(stage_said("ask your administrator") && !stage_said("/"));
    CHECK(stage_mnt_inode() == before);
    pam_end(h, PAM_SUCCESS);
    CHECK(stage_count_fds() == fds);
}

static void answers_that_refuse(void)
{
    refused_with(helper("once-refuse"), "", "refused by the daemon: full");
    refused_with(helper("once-garbage"), "", "cannot use the answer");
}

static void programs_that_cannot_be_trusted(void)
{
    const char *program = helper("once-ok");

    CHECK(chmod(program, 0644) == 0);
    refused_with(program, "", "it is not executable");
    CHECK(chmod(program, 0757) == 0);
    refused_with(program, "", "others than root can write it");
    CHECK(chmod(program, 0775) == 0);
    refused_with(program, "", "others than root can write it");
    CHECK(chmod(program, 0755) == 0 && chown(program, NOBODY, 0) == 0);
    refused_with(program, "", "its owner is uid 65534, expected 0");
    refused_with(stage_path("nowhere"), "", "No such file or directory");
    CHECK(mkfifo(stage_path("once-fifo"), 0755) == 0 && mkdir(stage_path("once-folder"), 0755) == 0);
    refused_with(stage_path("once-fifo"), "", "not a regular file");
    refused_with(stage_path("once-folder"), "", "not a regular file");
    CHECK(access(stage_path("report"), F_OK) < 0); /* none of them ran */
    close(open(stage_path("not-a-program"), O_CREAT | O_WRONLY | O_CLOEXEC, 0755));
    refused_with(stage_path("not-a-program"), "", "ended without one");
}

static void off(void) { refused_with("off", "", "cannot connect to "); }

static void exits_at_once(void)
{
    refused_with(helper("once-exit"), "", "--once ended without one");
    refused_with(helper("once-die"), "", "--once ended without one");
    pam_handle_t *h = login_with(helper("once-exit"), "on_error=allow");
    CHECK(open_undisturbed(h) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, "let in by on_error=allow"));
    pam_end(h, PAM_SUCCESS);
}

static void hangs(void)
{
    long long start = stage_now_ms();

    refused_with(helper("once-hang"), "timeout=1", "timed out");
    CHECK(stage_now_ms() - start >= 950);
    pid_t leader = reported_pid(), child = (pid_t)atol(read_file("child"));
    CHECK(leader > 0 && is_gone(leader));
    CHECK(child > 0 && goes(child));
}

/* As if it is in a frozen cgroup that it could not leave. */
static void a_stopped_minder_is_not_waited_for(void)
{
    const char *program = helper("once-hang");
    char path[64], line[256];
    pid_t stopper = fork();

    if (stopper == 0) {
        int minder = 0;

        while (reported_pid() <= 0)
            poll(NULL, 0, 10);
        snprintf(path, sizeof path, "/proc/%d/status", (int)reported_pid());
        FILE *status = fopen(path, "re");
        while (status != NULL && minder == 0 && fgets(line, sizeof line, status) != NULL)
            sscanf(line, "PPid: %d", &minder);
        _exit(minder > 1 && kill(minder, SIGSTOP) == 0 ? 0 : 1);
    }
    int status;
    long long start = stage_now_ms();
    pam_handle_t *h = login_with(program, "timeout=3");
    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR && stage_logged(LOG_ERR, "timed out"));
    CHECK(stage_now_ms() - start < 6000);
    CHECK(waitpid(stopper, &status, 0) == stopper && status == 0);
    kill(reported_pid(), SIGKILL);
    kill((pid_t)atol(read_file("child")), SIGKILL);
    pam_end(h, PAM_SUCCESS);
}

/* The login program is killed while it waits: the daemon must not outlive it. */
static void killed_login_takes_the_daemon_along(void)
{
    const char *program = helper("once-hang");
    pid_t caller = fork();

    if (caller == 0) {
        pam_open_session(login_with(program, "timeout=30"), 0);
        _exit(0);
    }
    pid_t leader = 0, child = 0;
    /* The files are there before what is written to them. */
    for (int i = 0; i < 1000 && (leader <= 0 || child <= 0); i++) {
        poll(NULL, 0, 10);
        leader = reported_pid();
        child = (pid_t)atol(read_file("child"));
    }
    CHECK(leader > 0 && child > 0 && !is_gone(leader) && !is_gone(child));
    kill(caller, SIGKILL);
    waitpid(caller, NULL, 0);
    CHECK(goes(leader) && goes(child));
}

/* Descriptors, environment, signals, limits and ids of the login program stay with it. */
static void gets_nothing_of_the_caller(void)
{
    static const char *const hostile[] = { "JAVA_TOOL_OPTIONS=-agentlib:x",
                                           "JDK_JAVA_OPTIONS=-Dx",
                                           "_JAVA_OPTIONS=-Dx",
                                           "LD_PRELOAD=/nonexistent/x.so",
                                           "LD_LIBRARY_PATH=/tmp",
                                           "BASH_ENV=/tmp/x",
                                           "ENV=/tmp/x",
                                           "IFS=/",
                                           "TMPDIR=/tmp/x",
                                           "CLASSPATH=/tmp",
                                           "PATH=/tmp",
                                           "LC_ALL=xx",
                                           "TZ=/tmp/x",
                                           "GCONV_PATH=/tmp",
                                           "LANG=xx" };
    const struct rlimit small = { 1 << 20, RLIM_INFINITY };
    const char *program = helper("once-leave");
    sigset_t some;

    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
        putenv((char *)hostile[i]);
    for (int fd = 3; fd <= 50; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            CHECK(dup2(STDOUT_FILENO, fd) == fd);
    signal(SIGUSR1, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    sigemptyset(&some);
    sigaddset(&some, SIGUSR2);
    sigaddset(&some, SIGQUIT);
    sigprocmask(SIG_BLOCK, &some, NULL);
    umask(077);
    setrlimit(RLIMIT_FSIZE, &small);
    /* As in su: the real ids are the caller's, and with them comes the right to send signals. */
    CHECK(setresgid(NOBODY, 0, 0) == 0 && setresuid(NOBODY, 0, 0) == 0);
    pam_handle_t *h = login_with(program, "");
    CHECK(open_undisturbed(h) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);

    CHECK(strncmp(read_file("report"), "argc 2\n", 7) == 0 && reported("argv1 --once"));
    CHECK(reported("cwd /") && reported("umask 022") && reported("leader 1") && reported("fsize 1"));
    CHECK(reported_lines("env") == 2);
    CHECK(reported("env PATH=/usr/sbin:/usr/bin:/sbin:/bin") && reported("env LANG=C.UTF-8"));
    CHECK(reported_lines("fd") == 4);
    CHECK(reported("fd 0 /dev/null") && reported("fd 1 /dev/null") && reported("fd 2 /dev/null") && reported("fd 3 socket"));
    CHECK(reported("SigBlk:\t0000000000000000") && reported("SigIgn:\t0000000000000000"));
    CHECK(reported("SigCgt:\t0000000000000000") && reported("SigPnd:\t0000000000000000"));
    CHECK(reported("Uid:\t0\t0\t0\t0") && reported("Gid:\t0\t0\t0\t0") && reported("Groups:\t "));
    if (tap_failing())
        printf("# the report:\n%s\n", read_file("report"));
}

/* Nothing at 0, 1, 2 or 3: the numbers that the daemon's descriptors get are free in the caller. */
static void closed_standard_descriptors(void)
{
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 20);
    pam_handle_t *h = login_with(helper("once-ok"), "");
    struct stat st;

    for (int fd = 0; fd <= 3; fd++)
        close(fd);
    int rc = pam_open_session(h, 0);
    int kept = fstat(0, &st) == 0 || fstat(1, &st) == 0 || fstat(2, &st) == 0;
    dup2(out, STDOUT_FILENO);
    CHECK(rc == PAM_SUCCESS);
    CHECK(!kept);
    CHECK(reported_lines("fd") == 4);
    pam_end(h, PAM_SUCCESS);
}

static void a_script_can_be_the_daemon(void)
{
    const char *script = stage_path("script");

    FILE *f = fopen(script, "we");
    fprintf(f, "#!/bin/sh\n[ $# = 1 ] && exec %s \"$1\"\n", helper("once-leave"));
    fclose(f);
    CHECK(chmod(script, 0755) == 0);
    pam_handle_t *h = login_with(script, "");
    CHECK(open_undisturbed(h) == PAM_SUCCESS);
    CHECK(reported_lines("fd") == 4 && reported("fd 3 socket"));
    pam_end(h, PAM_SUCCESS);
}

static void serve_close(int connection, int events)
{
    (void)connection;
    (void)events;
}
static void serve_die(int connection, int events)
{
    (void)connection;
    (void)events;
    raise(SIGKILL);
}

static void serve_read_and_die(int connection, int events)
{
    fake_read(connection, events);
    raise(SIGKILL);
}

static void serve_read_and_close(int connection, int events) { fake_read(connection, events); }

/* The fake is a child of this process, so that neither SIGCHLD nor wait can be looked at here. */
static void falls_back_from(fake_serve *serve)
{
    const char *program = helper("once-leave");
    char args[PATH_MAX];
    ino_t before = stage_mnt_inode();
    struct fake f = fake_start(serve, 0);

    snprintf(args, sizeof args, "socket=%s once=%s", f.socket, program);
    pam_handle_t *h = stage_login("alice", args);
    pam_set_item(h, PAM_TTY, "pts/7");
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(stage_mnt_inode() != before);
    CHECK(stage_logged(LOG_NOTICE, "--once for this session"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void closes_at_once(void) { falls_back_from(serve_close); }
static void closes_after_reading(void) { falls_back_from(serve_read_and_close); }
static void killed_before_accept(void) { falls_back_from(NULL); }
static void killed_after_accept(void) { falls_back_from(serve_die); }
static void killed_after_read(void) { falls_back_from(serve_read_and_die); }

/* SIGPIPE is what it is by default, and ends a program that writes to nobody. */
static void gone_before_the_request(void)
{
    signal(SIGPIPE, SIG_DFL);
    pause_before_send_ms = 200;
    falls_back_from(serve_close);
}

static void sockets_without_a_daemon(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    const char *program = helper("once-leave");
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s", stage_path("refuses"));
    CHECK(bind(fd, (struct sockaddr *)&at, sizeof at) == 0);
    close(open(stage_path("file"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    const char *const nobody[] = { stage_path("refuses"), stage_path("file"), stage_path("file/x"), stage_path("no/folder") };
    for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++) {
        char args[PATH_MAX];

        snprintf(args, sizeof args, "socket=%s once=%s", nobody[i], program);
        pam_handle_t *h = stage_login("alice", args);
        CHECK(open_undisturbed(h) == PAM_SUCCESS);
        CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
        pam_end(h, PAM_SUCCESS);
    }
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    { "no daemon: --once answers, and the caller has no child", ok },
    { "--once may leave after its answer", a_daemon_that_leaves_after_its_answer },
    { "an ignored SIGCHLD changes nothing", ignored_sigchld },
    { "--once refuses or answers garbage", answers_that_refuse },
    { "programs that cannot be trusted are not started", programs_that_cannot_be_trusted },
    { "once=off starts nothing", off },
    { "--once that exits or dies at once is a refusal", exits_at_once },
    { "--once that hangs is killed at the deadline with its children", hangs },
    { "a killed login program takes --once along", killed_login_takes_the_daemon_along },
    { "a minder that is stopped is not waited for", a_stopped_minder_is_not_waited_for },
    { "--once gets nothing of its caller", gets_nothing_of_the_caller },
    { "closed standard descriptors are not used", closed_standard_descriptors },
    { "a script can be the daemon", a_script_can_be_the_daemon },
    { "a daemon that closes at once: --once is asked", closes_at_once },
    { "a daemon gone before the request is sent: no SIGPIPE, --once is asked", gone_before_the_request },
    { "a socket that refuses, a file, no folder: --once is asked", sockets_without_a_daemon },
    { "a daemon that closes after reading: --once is asked", closes_after_reading },
    { "a daemon killed before it accepts: --once is asked", killed_before_accept },
    { "a daemon killed after it accepted: --once is asked", killed_after_accept },
    { "a daemon killed after it read the request: --once is asked", killed_after_read },
};

int main(int argc, char **argv)
{
    stage_set(argc > 1 ? argv[1] : "build/plain");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (geteuid() != 0)
            tap_skip(cases[i].name, "only root starts --once");
        else
            tap_case(cases[i].name, cases[i].run);
    return tap_end();
}
