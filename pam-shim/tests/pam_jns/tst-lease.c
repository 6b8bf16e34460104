/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "fake.h"
#include "stage.h"
#include "tap.h"

/* How long a session lasts: what ends it, what does not, and what it leaves open. */

enum { NOBODY = 65534 };

/* The address sanitizer keeps freed memory for a while; it looks for leaks itself, at the end of each case. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

static pam_handle_t *login(const struct fake *f, const char *more)
{
    pam_handle_t *h = stage_login("alice", fake_args(f, more));

    pam_set_item(h, PAM_TTY, "pts/7");
    return h;
}

/* The module leaves only the lease open, and no program that the session starts inherits it. */
static void descriptors(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");
    bool before[256], keeps = true;
    int more = 0;

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && pam_close_session(h, 0) == PAM_SUCCESS);
    for (int fd = 0; fd < 256; fd++)
        before[fd] = fcntl(fd, F_GETFD) >= 0;
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    for (int fd = 0; fd < 256; fd++) {
        int flags = fcntl(fd, F_GETFD);

        if (flags < 0 || before[fd])
            continue;
        more++;
        keeps = keeps && (flags & FD_CLOEXEC) != 0;
    }
    CHECK(more == 1 && keeps);
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    for (int fd = 0; fd < 256; fd++)
        CHECK((fcntl(fd, F_GETFD) >= 0) == before[fd]);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void twice_in_one_stack(void)
{
    struct fake f = fake_start(fake_grant, 0);
    const char *module = stage_build("pam_jns.so");
    char stack[2048];

    snprintf(stack, sizeof stack, "session required %s %s\nsession required %s socket=%s debug\n", module, fake_args(&f, ""), module,
             f.socket);
    pam_handle_t *h = stage_login_stack("alice", stack);
    pam_set_item(h, PAM_TTY, "pts/7");
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'R', SOON_MS));
    CHECK(!fake_event(&f, 'A', 200)); /* one request, and it goes on */
    CHECK(stage_logged(LOG_DEBUG, "the session is open already"));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'E', SOON_MS));
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS); /* a closed session can be opened again */
    CHECK(fake_event(&f, 'A', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void an_open_session_is_not_opened_again(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'R', SOON_MS));
    ino_t view = stage_mnt_inode();
    int fds = stage_count_fds();
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(!fake_event(&f, 'A', 200) && stage_mnt_inode() == view && stage_count_fds() == fds);
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS); /* one is enough */
    CHECK(fake_event(&f, 'E', SOON_MS));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* Grants every user, without waiting for the end of the session before. B: it was bob. */
static void serve_beside(int connection, int events)
{
    unsigned char packet[4096];
    int ns = fake_namespace();

    fake_tell(events, recv(connection, packet, sizeof packet, 0) > 4 && packet[4] == 'b' ? 'B' : 'R');
    fake_send(connection, packet, fake_granted(packet, ""), &ns, 1);
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        fake_await_end(connection, events);
        _exit(0);
    }
}

static void a_handle_that_is_used_for_another_user(void)
{
    struct fake f = fake_start(serve_beside, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'R', SOON_MS));
    int fds = stage_count_fds();
    CHECK(pam_set_item(h, PAM_USER, "bob") == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'B', SOON_MS));
    CHECK(fake_event(&f, 'E', SOON_MS) && stage_count_fds() == fds); /* of alice's */
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && !fake_event(&f, 'A', 200));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'E', SOON_MS));
    CHECK(stage_count_fds() == fds - 1);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void close_in_child(pam_handle_t *h)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        bool good = pam_close_session(h, 0) == PAM_SUCCESS;
        pam_end(h, PAM_DATA_SILENT);
        _exit(good ? 0 : 1);
    }
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void children_do_not_end_the_session(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    close_in_child(h);
    CHECK(!fake_event(&f, 'E', 300));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'E', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* A child that still holds a copy of the connection cannot keep the session alive beyond the opener's close. */
static void copies_in_children_do_not_keep_a_closed_session(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    CHECK(!fake_event(&f, 'E', 200));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'E', SOON_MS));
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* The parent forks the session and is done: the lease lives in the child, and ends with it. */
static void pam_end_leaves_the_session_to_its_children(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");
    int ends[2];

    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    if (fork() == 0) {
        char byte;

        close(ends[1]);
        _exit((int)read(ends[0], &byte, 1));
    }
    pam_end(h, PAM_SUCCESS);
    CHECK(!fake_event(&f, 'E', 300));
    close(ends[1]);
    CHECK(fake_event(&f, 'E', SOON_MS));
    fake_stop(&f);
}

static void pam_end_in_the_opener_ends_the_lease(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");
    int fds;

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    fds = stage_count_fds();
    pam_end(h, PAM_SUCCESS);
    CHECK(stage_count_fds() == fds - 1);
    CHECK(fake_event(&f, 'E', SOON_MS));
    fake_stop(&f);
}

/* A program that closes everything, and opens another file where the lease was. */
static void a_reused_number_is_left_alone(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");
    bool before[256];
    int lease = -1, ends[2];

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && pam_close_session(h, 0) == PAM_SUCCESS);
    for (int fd = 0; fd < 256; fd++)
        before[fd] = fcntl(fd, F_GETFD) >= 0;
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    for (int fd = 0; fd < 256; fd++)
        if (!before[fd] && fcntl(fd, F_GETFD) >= 0)
            lease = fd;
    CHECK(lease > 2 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 && dup2(ends[1], lease) == lease);
    close(ends[1]);
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
    CHECK(send(lease, "x", 1, MSG_NOSIGNAL) == 1);
    fake_stop(&f);
}

static void become_nobody(void)
{
    CHECK(setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0);
}

/* The opener is no child of the test, because its children outlive it. It says 'o' and sleeps when the session is open. */
static pid_t open_elsewhere(pam_handle_t *h, int said, void (*then)(pam_handle_t *h, int said, int go), int go)
{
    pid_t opener = fork();

    if (opener == 0) {
        if (pam_open_session(h, 0) != PAM_SUCCESS)
            _exit(1);
        if (fork() == 0) {
            then(h, said, go);
            _exit(tap_failing() ? 1 : 0);
        }
        CHECK(write(said, "o", 1) == 1);
        for (;;)
            pause();
    }
    return opener;
}

static bool hears(int from, char wanted)
{
    struct pollfd p = { .fd = from, .events = POLLIN };
    char byte = '\0';

    return poll(&p, 1, 5000) == 1 && read(from, &byte, 1) == 1 && byte == wanted;
}

static void wait_for_the_end_of(int go)
{
    char byte;

    CHECK(read(go, &byte, 1) == 0);
}

static void live_on_as_nobody(pam_handle_t *h, int said, int go)
{
    (void)h;
    (void)said;
    become_nobody();
    wait_for_the_end_of(go);
}

/* kill -9 reaches only the login program. Its children that have not run another program are the session. */
static void a_killed_opener_leaves_the_session_to_its_children(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");
    int said[2], go[2];

    CHECK(pipe2(said, O_CLOEXEC) == 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, go) == 0);
    pid_t opener = open_elsewhere(h, said[1], live_on_as_nobody, go[0]);
    CHECK(hears(said[0], 'o'));
    CHECK(kill(opener, SIGKILL) == 0 && waitpid(opener, NULL, 0) == opener);
    CHECK(!fake_event(&f, 'E', 300));
    CHECK(shutdown(go[1], SHUT_RDWR) == 0);
    CHECK(fake_event(&f, 'E', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* What (sd-pam) of systemd does: it is forked by the opener, becomes the user, outlives it, and closes. */
static void close_as_nobody(pam_handle_t *h, int said, int go)
{
    become_nobody();
    CHECK(hears(go, 'c'));
    long long start = stage_now_ms();
    bool good = pam_close_session(h, 0) == PAM_SUCCESS && pam_close_session(h, 0) == PAM_SUCCESS;
    CHECK(write(said, good && stage_now_ms() - start < 3000 ? "c" : "?", 1) == 1);
    CHECK(hears(go, 'e'));
    pam_end(h, PAM_DATA_SILENT);
    CHECK(write(said, "e", 1) == 1);
    wait_for_the_end_of(go);
}

static void another_process_closes_as_the_user(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");
    int said[2], go[2];

    CHECK(pipe2(said, O_CLOEXEC) == 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, go) == 0);
    pid_t opener = open_elsewhere(h, said[1], close_as_nobody, go[0]);
    CHECK(hears(said[0], 'o'));
    CHECK(write(go[1], "c", 1) == 1 && hears(said[0], 'c'));
    CHECK(!fake_event(&f, 'E', 200)); /* it is not the opener's end */
    CHECK(kill(opener, SIGKILL) == 0 && waitpid(opener, NULL, 0) == opener);
    CHECK(!fake_event(&f, 'E', 200));
    CHECK(write(go[1], "e", 1) == 1 && hears(said[0], 'e'));
    CHECK(fake_event(&f, 'E', SOON_MS)); /* pam_end gave the last copy back, though the process goes on */
    shutdown(go[1], SHUT_RDWR);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* The children of su and login end their copy of the handle before they become the shell. */
static void a_silent_end_in_a_child_ends_nothing(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");
    int status = 1;

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    pid_t child = fork();
    if (child == 0) {
        int fds = stage_count_fds();

        become_nobody();
        pam_end(h, PAM_DATA_SILENT);
        _exit(stage_count_fds() == fds - 1 ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(!fake_event(&f, 'E', 200));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'E', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* sudo ends its handle in this way, too. */
static void a_silent_end_in_the_opener_ends_the_lease(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_DATA_SILENT);
    CHECK(fake_event(&f, 'E', SOON_MS));
    fake_stop(&f);
}

static long memory_kb(void)
{
    char line[128];
    long kb = -1;
    FILE *f = fopen("/proc/self/status", "re");

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "VmData: %ld", &kb) == 1)
            break;
    if (f != NULL)
        fclose(f);
    return kb;
}

static void a_thousand_sessions(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "");
    long kb = 0;
    int fds = 0;

    for (int i = 0; i < 1000 && !tap_failing(); i++) {
        if (i == 100) {
            fds = stage_count_fds();
            kb = memory_kb();
        }
        CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
        CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
        CHECK(fake_event(&f, 'E', SOON_MS));
    }
    CHECK(stage_count_fds() == fds);
    CHECK(SANITIZED || (kb > 0 && memory_kb() == kb));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void sessions_with_a_handle_each(void)
{
    struct fake f = fake_start(fake_grant, 0);
    int fds = 0;

    for (int i = 0; i < 50; i++) {
        pam_handle_t *h = login(&f, "");

        CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
        if (i % 2 == 0)
            CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
        pam_end(h, PAM_SUCCESS);
        CHECK(fake_event(&f, 'E', SOON_MS));
        if (i == 0)
            fds = stage_count_fds();
    }
    CHECK(stage_count_fds() == fds);
    fake_stop(&f);
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    { "one descriptor stays open, close-on-exec, until close", descriptors },
    { "twice in one stack is one session", twice_in_one_stack },
    { "an open session is not opened again", an_open_session_is_not_opened_again },
    { "a handle that is used for another user gets that one's view", a_handle_that_is_used_for_another_user },
    { "children do not end the session", children_do_not_end_the_session },
    { "copies in children do not keep a closed session", copies_in_children_do_not_keep_a_closed_session },
    { "pam_end leaves the session to its children", pam_end_leaves_the_session_to_its_children },
    { "pam_end in the opener ends the lease", pam_end_in_the_opener_ends_the_lease },
    { "a killed opener leaves the session to its children", a_killed_opener_leaves_the_session_to_its_children },
    { "another process closes as the user: it ends nothing, and succeeds", another_process_closes_as_the_user },
    { "a silent pam_end in a child ends nothing", a_silent_end_in_a_child_ends_nothing },
    { "a silent pam_end in the opener ends the lease", a_silent_end_in_the_opener_ends_the_lease },
    { "a reused descriptor number is left alone", a_reused_number_is_left_alone },
    { "sessions with a handle each, closed or just ended", sessions_with_a_handle_each },
    { "a thousand sessions leave no descriptor and no memory", a_thousand_sessions },
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
