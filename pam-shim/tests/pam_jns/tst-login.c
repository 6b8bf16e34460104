/* SPDX-License-Identifier: Apache-2.0 */
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "fake.h"
#include "stage.h"
#include "tap.h"

/* Logins with daemons that are right, wrong, slow, dead or missing. */

enum { NOBODY = 65534, BOUND_MS = 8000 };

static pam_handle_t *login(const struct fake *f, const char *more)
{
    pam_handle_t *h = stage_login("alice", fake_args(f, more));

    pam_set_item(h, PAM_TTY, "pts/7");
    return h;
}

/* Opens, and checks that a refusal left everything as it was: namespace, folder, descriptors. */
static int open_unmoved(pam_handle_t *h)
{
    char before[PATH_MAX], after[PATH_MAX];
    ino_t inode = stage_mnt_inode();
    int fds = stage_count_fds();
    long long start = stage_now_ms();

    CHECK(getcwd(before, sizeof before) != NULL);
    int rc = pam_open_session(h, 0);
    CHECK(stage_now_ms() - start < BOUND_MS);
    CHECK(stage_mnt_inode() == inode);
    CHECK(stage_count_fds() == fds);
    CHECK(getcwd(after, sizeof after) != NULL && strcmp(before, after) == 0);
    CHECK(waitpid(-1, NULL, WNOHANG | __WALL | __WNOTHREAD) <= 0);
    return rc;
}

static void refused_by(fake_serve *serve, const char *logged, const char *said)
{
    struct fake f = fake_start(serve, 0);
    pam_handle_t *h = login(&f, "once=off timeout=1");

    CHECK(open_unmoved(h) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, logged));
    CHECK(stage_said(said) && stage_said("ask your administrator"));
    pam_close_session(h, 0); /* libpam repeats the result of the open; there is nothing to end */
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* Something that on_error=allow must not forgive. */
static void hostile(fake_serve *serve, const char *logged)
{
    refused_by(serve, logged, "wrong answer");
    struct fake f = fake_start(serve, 0);
    pam_handle_t *h = login(&f, "once=off timeout=1 on_error=allow");

    stage_forget();
    CHECK(open_unmoved(h) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, logged));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void granted(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "debug");
    ino_t before = stage_mnt_inode();
    char cwd[PATH_MAX];

    CHECK(mkdir(stage_path("here"), 0755) == 0 && chdir(stage_path("here")) == 0);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'R', SOON_MS));
    CHECK(stage_mnt_inode() != before);
    CHECK(access(stage_path("shadow/mark"), F_OK) == 0);
    CHECK(getcwd(cwd, sizeof cwd) != NULL && strcmp(cwd, stage_path("here")) == 0);
    CHECK(stage_logged(LOG_DEBUG, "session 0123456789abcdef of alice"));
    CHECK(!stage_said_anything());
    CHECK(!fake_event(&f, 'E', 100));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'E', SOON_MS));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static bool is_in(const char *folder)
{
    char cwd[PATH_MAX];

    return getcwd(cwd, sizeof cwd) != NULL && strcmp(cwd, folder) == 0;
}

/* A user may make such a link in a view, so that root follows it. */
static void another_folder_of_the_same_path_is_not_entered(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");

    mkdir(stage_path("shadow"), 0755);
    CHECK(chdir(stage_path("shadow")) == 0 && access("mark", F_OK) < 0);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(is_in("/"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* Its view has, where the caller's folder is, a link to that folder. */
static void grant_with_link(int connection, int events)
{
    fake_namespace();
    if (mount("walked", stage_path("walked"), "tmpfs", 0, NULL) < 0 || symlink(stage_path("real"), stage_path("walked/below")) < 0)
        _exit(1);
    fake_grant(connection, events);
}

static void a_link_is_not_followed(void)
{
    struct fake f = fake_start(grant_with_link, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(mkdir(stage_path("real"), 0755) == 0 && mkdir(stage_path("walked"), 0755) == 0 && mkdir(stage_path("walked/below"), 0755) == 0);
    CHECK(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    CHECK(mount(stage_path("real"), stage_path("walked/below"), NULL, MS_BIND, NULL) == 0 && chdir(stage_path("walked/below")) == 0);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(is_in("/"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void cwd_that_is_not_there_becomes_the_root(void)
{
    char cwd[PATH_MAX];
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");

    mkdir(stage_path("shadow"), 0755);
    mkdir(stage_path("shadow/gone"), 0755);
    CHECK(chdir(stage_path("shadow/gone")) == 0);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(getcwd(cwd, sizeof cwd) != NULL && strcmp(cwd, "/") == 0);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
    CHECK(rmdir(stage_path("shadow/gone")) < 0); /* hidden here: the view is the new one */
}

static void removed_cwd_becomes_the_root(void)
{
    char cwd[PATH_MAX];
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(mkdir(stage_path("removed"), 0755) == 0 && chdir(stage_path("removed")) == 0 && rmdir(stage_path("removed")) == 0);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(getcwd(cwd, sizeof cwd) != NULL && strcmp(cwd, "/") == 0);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* The user who calls su chooses its limits, and must not escape the rules by them. */
static void a_lack_of_descriptors_is_not_forgiven(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "once=off on_error=allow");
    struct rlimit before, few;

    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    ino_t inode = stage_mnt_inode();
    int fds = stage_count_fds(), free = dup(0);
    close(free);
    int rc = PAM_SYSTEM_ERR, more;
    for (more = 0; rc == PAM_SYSTEM_ERR && more < 20; more++) {
        few = before;
        few.rlim_cur = (rlim_t)(free + more);
        CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
        rc = pam_open_session(h, 0);
        CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
        CHECK((rc == PAM_SUCCESS) == (stage_mnt_inode() != inode) && !stage_logged(LOG_WARNING, "let in by on_error=allow"));
        CHECK(rc == PAM_SUCCESS || stage_count_fds() == fds);
    }
    /* With enough of them it is isolated. */
    CHECK(rc == PAM_SUCCESS && more > 4);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void serve_warning(int connection, int events)
{
    unsigned char packet[4096];
    int ns = fake_namespace();

    fake_read(connection, events);
    fake_send(connection, packet, fake_granted(packet, "rule vault was skipped"), &ns, 1);
    fake_await_end(connection, events);
}

static void a_warning_is_logged_and_told(void)
{
    struct fake f = fake_start(serve_warning, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, "rule vault was skipped"));
    CHECK(stage_said("jns: rule vault was skipped"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void a_warning_is_not_told_where_all_is_silent(void)
{
    struct fake f = fake_start(serve_warning, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(pam_open_session(h, PAM_SILENT) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, "rule vault was skipped"));
    CHECK(!stage_said_anything());
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void not_isolated(void)
{
    struct fake f = fake_start(fake_not_isolated, 0);
    pam_handle_t *h = login(&f, "once=off");

    CHECK(open_unmoved(h) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'R', SOON_MS) && fake_event(&f, 'E', SOON_MS));
    CHECK(!stage_said_anything() && !stage_logged(LOG_DEBUG, ""));
    pam_end(h, PAM_SUCCESS);
    h = login(&f, "once=off debug");
    CHECK(open_unmoved(h) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_DEBUG, "no rule is for alice"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void refused(void)
{
    refused_by(fake_refuse, "session of alice refused: refused by the daemon: the owner of the instance is uid 7",
               "jns: your session was refused: the owner of the instance is uid 7; ask your administrator");
}

static void refused_is_forgiven_by_on_error_allow(void)
{
    struct fake f = fake_start(fake_refuse, 0);
    pam_handle_t *h = login(&f, "on_error=allow");

    CHECK(open_unmoved(h) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, "let in by on_error=allow"));
    CHECK(!stage_said_anything());
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void serve_garbage(int connection, int events)
{
    fake_read(connection, events);
    fake_send(connection, "GET / HTTP/1.0\r\n\r\n", 18, NULL, 0);
    fake_await_end(connection, events);
}

static void serve_half(int connection, int events)
{
    unsigned char packet[4096];
    int ns = fake_namespace();

    fake_read(connection, events);
    fake_send(connection, packet, fake_granted(packet, "") - 3, &ns, 1);
    fake_await_end(connection, events);
}

static void serve_huge(int connection, int events)
{
    unsigned char packet[8000];

    memset(packet, 'x', sizeof packet);
    packet[0] = 1;
    packet[1] = 0x83;
    packet[2] = 4092 >> 8;
    packet[3] = 4092 & 0xff;
    fake_read(connection, events);
    fake_send(connection, packet, sizeof packet, NULL, 0);
    fake_await_end(connection, events);
}

static void serve_empty(int connection, int events)
{
    fake_read(connection, events);
    fake_send(connection, "", 0, NULL, 0);
    fake_await_end(connection, events);
}

static void serve_nothing(int connection, int events)
{
    fake_read(connection, events);
    fake_await_end(connection, events);
}

static void serve_late(int connection, int events)
{
    unsigned char packet[4096];
    int ns = fake_namespace();

    fake_read(connection, events);
    poll(NULL, 0, 1500);
    fake_send(connection, packet, fake_granted(packet, ""), &ns, 1);
    fake_await_end(connection, events);
}

static void grant_with(int connection, int events, const int *fds, size_t count)
{
    unsigned char packet[4096];

    fake_read(connection, events);
    fake_send(connection, packet, fake_granted(packet, ""), fds, count);
    fake_await_end(connection, events);
}

static void serve_two(int connection, int events)
{
    int ns = fake_namespace();

    grant_with(connection, events, (int[]){ ns, ns }, 2);
}

static void serve_sixteen(int connection, int events)
{
    int fds[16];

    for (int i = 0; i < 16; i++)
        fds[i] = fake_namespace();
    grant_with(connection, events, fds, 16);
}

static void serve_none(int connection, int events) { grant_with(connection, events, NULL, 0); }

static void serve_file(int connection, int events)
{
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

    grant_with(connection, events, &fd, 1);
}

static void serve_socket(int connection, int events) { grant_with(connection, events, &connection, 1); }

static void serve_uts(int connection, int events)
{
    int fd = unshare(CLONE_NEWUTS) == 0 ? open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC) : -1;

    grant_with(connection, events, &fd, 1);
}

static void serve_foreign(int connection, int events)
{
    int fd = fake_foreign_namespace();

    grant_with(connection, events, &fd, 1);
}

static void host_with(int connection, int events, const int *fds, size_t count)
{
    unsigned char packet[4096];

    fake_read(connection, events);
    fake_send(connection, packet, fake_reason(packet, 0x85, "no rule"), fds, count);
    fake_await_end(connection, events);
}

static void serve_host_with_none(int connection, int events) { host_with(connection, events, NULL, 0); }

static void serve_host_with_two(int connection, int events)
{
    int ns = fake_namespace();

    host_with(connection, events, (int[]){ ns, ns }, 2);
}

static void serve_host_with_file(int connection, int events)
{
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

    host_with(connection, events, &fd, 1);
}

static void serve_host_with_uts(int connection, int events)
{
    int fd = unshare(CLONE_NEWUTS) == 0 ? open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC) : -1;

    host_with(connection, events, &fd, 1);
}

static void serve_host_with_foreign(int connection, int events)
{
    int fd = fake_foreign_namespace();

    host_with(connection, events, &fd, 1);
}

static void serve_refusal_with_descriptor(int connection, int events)
{
    unsigned char packet[4096];
    int ns = fake_namespace();

    fake_read(connection, events);
    fake_send(connection, packet, fake_reason(packet, 0x82, "no rule"), &ns, 1);
    fake_await_end(connection, events);
}

static void garbage(void) { refused_by(serve_garbage, "cannot use the answer: its version is unknown", "wrong answer"); }
static void half(void) { refused_by(serve_half, "cannot use the answer: a field is", "wrong answer"); }
static void huge(void) { refused_by(serve_huge, "cannot use the answer: it is too long", "wrong answer"); }
static void empty(void) { refused_by(serve_empty, "cannot use the answer: it is cut short", "wrong answer"); }
static void never_answers(void) { refused_by(serve_nothing, "cannot read the answer: Connection timed out", "in time"); }
static void late(void) { refused_by(serve_late, "cannot read the answer: Connection timed out", "in time"); }
static void two(void) { hostile(serve_two, "descriptor 2 is of no kind that goes with a mount namespace"); }
static void sixteen(void) { hostile(serve_sixteen, "more descriptors than there are kinds"); }
static void none(void) { hostile(serve_none, "without a descriptor"); }
static void file(void) { hostile(serve_file, "not a mount namespace"); }
static void sock(void) { hostile(serve_socket, "not a mount namespace"); }
static void uts(void) { hostile(serve_uts, "not a mount namespace"); }
static void foreign(void) { hostile(serve_foreign, "another user namespace"); }
static void host_with_none(void) { hostile(serve_host_with_none, "without a descriptor"); }
static void host_with_two(void) { hostile(serve_host_with_two, "descriptor 2 is of no kind"); }
static void host_with_file(void) { hostile(serve_host_with_file, "not a mount namespace"); }
static void host_with_uts(void) { hostile(serve_host_with_uts, "not a mount namespace"); }
static void host_with_foreign(void) { hostile(serve_host_with_foreign, "another user namespace"); }
static void refusal_with_descriptor(void) { hostile(serve_refusal_with_descriptor, "came with a descriptor"); }

/* If a daemon answers wrongly, --once must not be asked for a second opinion. */
static void a_wrong_answer_is_no_reason_for_once(void)
{
    fake_serve *const wrong[] = { serve_garbage, serve_half, serve_empty, serve_none, serve_host_with_none, serve_nothing };

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct fake f = fake_start(wrong[i], 0);
        pam_handle_t *h = login(&f, "timeout=1 once=/bin/true");

        stage_forget();
        CHECK(open_unmoved(h) == PAM_SYSTEM_ERR);
        CHECK(!stage_logged(LOG_NOTICE, "--once"));
        pam_end(h, PAM_SUCCESS);
        fake_stop(&f);
    }
}

static void a_wrong_answer_is_forgiven_by_on_error_allow(void)
{
    struct fake f = fake_start(serve_garbage, 0);
    pam_handle_t *h = login(&f, "on_error=allow");

    CHECK(open_unmoved(h) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, "let in by on_error=allow"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int signal)
{
    (void)signal;
    alarms++;
}

/* A timer of the login program interrupts every wait; the deadline stays what it is. */
static void interrupted_waits_keep_the_deadline(void)
{
    const struct sigaction act = { .sa_handler = count_alarm };
    const struct itimerval every = { { 0, 3000 }, { 0, 3000 } }, never = { { 0, 0 }, { 0, 0 } };
    struct fake f = fake_start(serve_nothing, 0);
    pam_handle_t *h = login(&f, "once=off timeout=1");
    long long start = stage_now_ms();

    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
    setitimer(ITIMER_REAL, &never, NULL);
    long long took = stage_now_ms() - start;
    CHECK(took >= 950 && took < BOUND_MS);
    CHECK(alarms > 50);
    CHECK(stage_logged(LOG_ERR, "timed out"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* Nobody accepts, and the queue is full: connect itself has to end in time. */
static void a_full_queue_keeps_the_deadline(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    char args[300];
    int full, fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s", stage_path("full"));
    CHECK(bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 0) == 0);
    do
        full = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    while (connect(full, (struct sockaddr *)&at, sizeof at) == 0);
    CHECK(errno == EAGAIN);
    snprintf(args, sizeof args, "socket=%s once=off timeout=1", at.sun_path);
    pam_handle_t *h = stage_login("alice", args);
    long long start = stage_now_ms();
    CHECK(open_unmoved(h) == PAM_SYSTEM_ERR);
    CHECK(stage_now_ms() - start >= 950);
    CHECK(stage_logged(LOG_ERR, "cannot connect to ") && stage_logged(LOG_ERR, "timed out"));
    pam_end(h, PAM_SUCCESS);
}

static void absent_at(const char *path, const char *why)
{
    char args[300];

    stage_forget();
    snprintf(args, sizeof args, "socket=%s once=off timeout=1", path);
    pam_handle_t *h = stage_login("alice", args);
    CHECK(open_unmoved(h) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, why));
    CHECK(stage_said("is not available") && !stage_said("/"));
    pam_end(h, PAM_SUCCESS);

    stage_forget();
    snprintf(args, sizeof args, "socket=%s once=off timeout=1 on_error=allow", path);
    h = stage_login("alice", args);
    CHECK(open_unmoved(h) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, why) && !stage_said_anything());
    pam_end(h, PAM_SUCCESS);

    stage_forget();
    snprintf(args, sizeof args, "socket=%s once=off timeout=1", path);
    h = stage_login("root", args);
    CHECK(open_unmoved(h) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, "uid 0 is always let in"));
    pam_end(h, PAM_SUCCESS);
}

static void no_daemon(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    absent_at(stage_path("absent"), "No such file or directory");
    absent_at(stage_path("absent/too"), "No such file or directory");
    snprintf(at.sun_path, sizeof at.sun_path, "%s", stage_path("refuses"));
    CHECK(bind(fd, (struct sockaddr *)&at, sizeof at) == 0);
    absent_at(stage_path("refuses"), "Connection refused");
    close(fd);
    absent_at(stage_path("refuses"), "Connection refused");
    close(open(stage_path("file"), O_CREAT | O_WRONLY | O_CLOEXEC, 0777));
    absent_at(stage_path("file"), "Connection refused");
    absent_at(stage_path("file/x"), "Not a directory");
    CHECK(mkfifo(stage_path("fifo"), 0777) == 0);
    absent_at(stage_path("fifo"), "Connection refused");
    absent_at("/tmp", "Connection refused");
}

static void a_stream_socket_is_refused(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s", stage_path("stream"));
    CHECK(bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 4) == 0);
    absent_at(stage_path("stream"), "Protocol wrong type for socket");
    close(fd);
}

/* A user who is not root is a wrong peer when running this test; root starts one as nobody. */
static void a_peer_that_is_not_root_is_refused(void)
{
    struct fake f = fake_start(fake_not_isolated, geteuid() == 0 ? NOBODY : geteuid());
    static const char *const more[] = { "timeout=1 once=/bin/true", "timeout=1 once=/bin/true on_error=allow" };

    for (size_t i = 0; i < 2; i++) {
        pam_handle_t *h = login(&f, more[i]);

        stage_forget();
        CHECK(open_unmoved(h) == PAM_SYSTEM_ERR);
        CHECK(stage_logged(LOG_ERR, "listens there, expected 0"));
        CHECK(!stage_logged(LOG_NOTICE, "--once"));
        CHECK(!fake_event(&f, 'R', 100));
        pam_end(h, PAM_SUCCESS);
    }
    pam_handle_t *h = stage_login("root", fake_args(&f, ""));
    CHECK(open_unmoved(h) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, "uid 0 is always let in"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void root_gets_in_whatever_is_broken(void)
{
    fake_serve *const wrong[] = {
        serve_garbage,        serve_half,           serve_nothing,           serve_two,  serve_none, serve_file, serve_uts, serve_foreign,
        serve_host_with_none, serve_host_with_file, serve_host_with_foreign, fake_refuse
    };

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct fake f = fake_start(wrong[i], 0);
        pam_handle_t *h = stage_login("root", fake_args(&f, "once=off timeout=1"));

        stage_forget();
        CHECK(open_unmoved(h) == PAM_SUCCESS);
        CHECK(stage_logged(LOG_WARNING, "session of root is not isolated"));
        CHECK(!stage_said_anything());
        pam_end(h, PAM_SUCCESS);
        fake_stop(&f);
    }
}

/* In a separate view the machine has a second user with root's uid. */
static void uid_0_gets_in_under_any_name(void)
{
    char line[1024];
    FILE *from = fopen("/etc/passwd", "re"), *to = fopen(stage_path("passwd"), "we");

    while (from != NULL && to != NULL && fgets(line, sizeof line, from) != NULL)
        fputs(line, to);
    CHECK(to != NULL && fputs("toor:x:0:0::/:/bin/sh\ntor:x:4242:0::/:/bin/sh\n", to) >= 0 && fclose(to) == 0);
    fclose(from);
    CHECK(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    CHECK(mount(stage_path("passwd"), "/etc/passwd", NULL, MS_BIND, NULL) == 0);
    pam_handle_t *h = stage_login("toor", "bogus");
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(stage_logged(LOG_WARNING, "session of toor is not isolated"));
    pam_end(h, PAM_SUCCESS);
    h = stage_login("tor", "bogus");
    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
    pam_end(h, PAM_SUCCESS);
}

static const struct {
    const char *name;
    void (*run)(void);
    bool root;
} cases[] = {
    { "granted: the view changes, the folder stays, close ends the lease", granted, true },
    { "[A1] another folder of the same path is not entered", another_folder_of_the_same_path_is_not_entered, true },
    { "[A1] a link is not followed, not even to the same folder", a_link_is_not_followed, true },
    { "a working directory that is not in the new view becomes /", cwd_that_is_not_there_becomes_the_root, true },
    { "a removed working directory becomes /", removed_cwd_becomes_the_root, true },
    { "a lack of descriptors is not forgiven by on_error=allow", a_lack_of_descriptors_is_not_forgiven, true },
    { "a warning is logged and told", a_warning_is_logged_and_told, true },
    { "a warning is not told where all is silent", a_warning_is_not_told_where_all_is_silent, true },
    { "not isolated is success, unmoved", not_isolated, true },
    { "refused: the reason is logged and said", refused, true },
    { "refused is forgiven by on_error=allow", refused_is_forgiven_by_on_error_allow, true },
    { "garbage is refused", garbage, true },
    { "half an answer is refused", half, true },
    { "an answer that is too long is refused", huge, true },
    { "an empty packet is refused, and is no end of the connection", empty, true },
    { "no answer is refused in time", never_answers, true },
    { "an answer after the deadline is not taken", late, true },
    { "two mount namespaces are refused", two, true },
    { "sixteen descriptors are refused and closed", sixteen, true },
    { "a grant without a descriptor is refused", none, true },
    { "a file as descriptor is refused", file, true },
    { "a socket as descriptor is refused", sock, true },
    { "a uts namespace is refused", uts, true },
    { "a mount namespace of another user namespace is refused", foreign, true },
    { "the host's view without a descriptor is refused", host_with_none, true },
    { "two mount namespaces of the host's are refused", host_with_two, true },
    { "a file for the host's view is refused", host_with_file, true },
    { "a uts namespace for the host's view is refused", host_with_uts, true },
    { "a mount namespace of another user namespace for the host's view is refused", host_with_foreign, true },
    { "a descriptor that grants nothing is refused", refusal_with_descriptor, true },
    { "a wrong answer is no reason for --once", a_wrong_answer_is_no_reason_for_once, true },
    { "a wrong answer is forgiven by on_error=allow", a_wrong_answer_is_forgiven_by_on_error_allow, true },
    { "interrupted waits keep the deadline", interrupted_waits_keep_the_deadline, true },
    { "a full queue keeps the deadline", a_full_queue_keeps_the_deadline, false },
    { "no daemon: socket absent, refusing, a file, a FIFO, a folder", no_daemon, false },
    { "a stream socket is refused", a_stream_socket_is_refused, false },
    { "a peer that is not root is refused", a_peer_that_is_not_root_is_refused, false },
    { "uid 0 gets in under any name", uid_0_gets_in_under_any_name, true },
    { "root gets in whatever is broken", root_gets_in_whatever_is_broken, true },
};

int main(int argc, char **argv)
{
    stage_set(argc > 1 ? argv[1] : "build/plain");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (cases[i].root && geteuid() != 0)
            tap_skip(cases[i].name, "only root can be the daemon and enter namespaces");
        else
            tap_case(cases[i].name, cases[i].run);
    return tap_end();
}
