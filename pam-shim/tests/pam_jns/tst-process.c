/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "fake.h"
#include "stage.h"
#include "tap.h"

static int kills;

static int counted_kill(pid_t pid, int signal_number)
{
    kills++;
    return kill(pid, signal_number);
}

#define kill counted_kill
#include "reap.c"
#undef kill

/* Threads and their children: which of them the session moves. */

static pam_handle_t *login(const struct fake *f, const char *more)
{
    pam_handle_t *h = stage_login("alice", fake_args(f, more));

    pam_set_item(h, PAM_TTY, "pts/7");
    return h;
}

static ino_t worker_inode;

static void *open_in_worker(void *h)
{
    int rc = pam_open_session(h, 0);

    worker_inode = stage_mnt_inode();
    return (void *)(long)rc;
}

static void *wait_for_ever(void *data)
{
    pause();
    return data;
}

static int open_from_worker(pam_handle_t *h)
{
    pthread_t thread;
    void *rc = NULL;

    CHECK(pthread_create(&thread, NULL, open_in_worker, h) == 0 && pthread_join(thread, &rc) == 0);
    return (int)(long)rc;
}

static void a_worker_thread_is_refused(void)
{
    struct fake f = fake_start(fake_not_isolated, geteuid());
    ino_t before = stage_mnt_inode();
    pam_handle_t *h = login(&f, "once=off");

    CHECK(open_from_worker(h) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, "from a thread other than the main one"));
    CHECK(stage_said("from a thread that cannot be isolated"));
    CHECK(stage_mnt_inode() == before && worker_inode == before);
    pam_end(h, PAM_SUCCESS);

    h = stage_login("root", fake_args(&f, "once=off"));
    CHECK(open_from_worker(h) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
    CHECK(!fake_event(&f, 'A', 200)); /* nobody was asked */
    fake_stop(&f);
}

static void a_worker_thread_cannot_be_granted_anything(void)
{
    struct fake f = fake_start(fake_grant, 0);
    ino_t before = stage_mnt_inode();
    pam_handle_t *h = login(&f, "once=off");

    CHECK(open_from_worker(h) == PAM_SYSTEM_ERR);
    CHECK(stage_mnt_inode() == before && worker_inode == before);
    CHECK(!fake_event(&f, 'A', 200));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static ino_t inode_of_child(void)
{
    int ends[2], status;
    ino_t inode = 0;

    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        inode = stage_mnt_inode();
        _exit(write(ends[1], &inode, sizeof inode) == sizeof inode ? 0 : 1);
    }
    CHECK(read(ends[0], &inode, sizeof inode) == sizeof inode && waitpid(pid, &status, 0) == pid);
    close(ends[0]);
    close(ends[1]);
    return inode;
}

static void the_main_thread_of_a_threaded_program_works(void)
{
    struct fake f = fake_start(fake_grant, 0);
    ino_t before = stage_mnt_inode();
    pthread_t thread;
    pam_handle_t *h = login(&f, "");

    CHECK(pthread_create(&thread, NULL, wait_for_ever, NULL) == 0);
    CHECK(chdir(stage_dir()) == 0);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(stage_mnt_inode() != before);
    CHECK(inode_of_child() == stage_mnt_inode());
    CHECK(access("shadow/mark", F_OK) == 0);
    CHECK(stage_logged(LOG_NOTICE, "the program has threads"));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'E', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void a_program_without_threads_is_not_told_of_them(void)
{
    struct fake f = fake_start(fake_grant, 0);
    pam_handle_t *h = login(&f, "debug");

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(!stage_logged(LOG_NOTICE, ""));
    CHECK(inode_of_child() == stage_mnt_inode());
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void a_child_that_a_thread_waited_for_is_not_killed(void)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(!reap(child, 50, &status) && kills == 0);
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    CHECK(!reap(child, 50, &status) && kills == 1 && WIFSIGNALED(status));
}

static const struct {
    const char *name;
    void (*run)(void);
    bool root;
} cases[] = {
    { "a child that another thread has waited for is not killed", a_child_that_a_thread_waited_for_is_not_killed, false },
    { "a worker thread is refused, and nobody is asked", a_worker_thread_is_refused, false },
    { "a worker thread is not moved by a daemon that would grant", a_worker_thread_cannot_be_granted_anything, true },
    { "the main thread of a threaded program works, and so do its children", the_main_thread_of_a_threaded_program_works, true },
    { "a program without threads is not told of them", a_program_without_threads_is_not_told_of_them, true },
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
