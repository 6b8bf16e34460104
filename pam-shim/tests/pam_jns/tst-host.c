/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <unistd.h>

#include "fake.h"
#include "stage.h"
#include "tap.h"

/* A session without rules, opened from inside of a user's view: it goes to the namespaces of the daemon. */

static pam_handle_t *login(const struct fake *f, const char *more)
{
    pam_handle_t *h = stage_login("alice", fake_args(f, more));

    pam_set_item(h, PAM_TTY, "pts/7");
    return h;
}

/* A separate mount namespace, where the folder "shadow" shows the file "mark". */
static void enter_a_view(void)
{
    mkdir(stage_path("shadow"), 0755);
    CHECK(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    CHECK(mount("shadow", stage_path("shadow"), "tmpfs", 0, NULL) == 0);
    close(open(stage_path("shadow/mark"), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
}

static void it_comes_out(void)
{
    char after[PATH_MAX];
    ino_t host = stage_mnt_inode();
    struct fake f = fake_start(fake_host, 0);
    pam_handle_t *h = login(&f, "debug");

    enter_a_view();
    CHECK(stage_mnt_inode() != host);
    CHECK(chdir(stage_path("shadow")) == 0 && access("mark", F_OK) == 0);
    int fds = stage_count_fds();
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'R', SOON_MS));
    CHECK(stage_mnt_inode() == host);
    /* The host has another folder under that path. */
    CHECK(getcwd(after, sizeof after) != NULL && strcmp(after, "/") == 0);
    CHECK(stage_logged(LOG_DEBUG, "no rule is for alice; entering the host's mount namespace") && !stage_said_anything());
    /* No lease: the connection ends with the answer. */
    CHECK(stage_count_fds() == fds && fake_event(&f, 'E', SOON_MS));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS && pam_close_session(h, 0) == PAM_SUCCESS);
    CHECK(stage_mnt_inode() == host);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'R', SOON_MS));
    CHECK(stage_mnt_inode() == host && stage_count_fds() == fds);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* Entering its own namespace again would take the program out of a chroot(2). */
static void who_is_there_already_stays_in_its_root(void)
{
    enter_a_view(); /* before the daemon starts: this is its view too */
    struct fake f = fake_start(fake_host, 0);
    pam_handle_t *h = login(&f, "");
    struct stat inside, after;

    CHECK(mkdir(stage_path("jail"), 0755) == 0 && mount("/", stage_path("jail"), NULL, MS_BIND | MS_REC, NULL) == 0);
    CHECK(chroot(stage_path("jail")) == 0 && chdir("/") == 0);
    CHECK(mount("jail", "/mnt", "tmpfs", 0, NULL) == 0 && stat("/mnt", &inside) == 0);
    int fds = stage_count_fds();
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'R', SOON_MS));
    CHECK(stat("/mnt", &after) == 0 && after.st_dev == inside.st_dev);
    CHECK(stage_count_fds() == fds);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* Everything that the host has, below another /. */
static void enter_a_chroot(void)
{
    char command[1024];

    snprintf(command, sizeof command,
             "cd '%s' && mkdir -p cell && mount -t tmpfs cell cell && for f in /*; do if [ -h $f ]; then cp -a $f cell; "
             "elif [ -d $f ]; then mkdir cell$f && mount --rbind $f cell$f; fi; done",
             stage_path(""));
    CHECK(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
    CHECK(system(command) == 0 && chroot(stage_path("cell")) == 0 && chdir("/tmp") == 0);
}

/* The host's socket is visible too: the daemon sends the host's view through it. */
static void nobody_comes_out_of_a_chroot(fake_serve *serve)
{
    struct fake f = fake_start(serve, 0);
    struct stat root, after;
    char cwd[PATH_MAX];

    enter_a_chroot();
    ino_t before = stage_mnt_inode();
    CHECK(stat("/", &root) == 0);
    pam_handle_t *h = stage_login("alice", fake_args(&f, "once=off"));
    int fds = stage_count_fds();
    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, "its / is not the one here") && stage_said("set up wrongly"));
    CHECK(stat("/", &after) == 0 && after.st_dev == root.st_dev && after.st_ino == root.st_ino && stage_mnt_inode() == before);
    CHECK(getcwd(cwd, sizeof cwd) != NULL && strcmp(cwd, "/tmp") == 0 && stage_count_fds() == fds);
    pam_end(h, PAM_SUCCESS);

    h = stage_login("alice", fake_args(&f, "once=off on_error=allow"));
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && stage_logged(LOG_WARNING, "let in by on_error=allow"));
    CHECK(stat("/", &after) == 0 && after.st_dev == root.st_dev && after.st_ino == root.st_ino && stage_mnt_inode() == before);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void no_view_in_a_chroot(void) { nobody_comes_out_of_a_chroot(fake_grant); }

static void no_host_in_a_chroot(void) { nobody_comes_out_of_a_chroot(fake_host); }

/* As if su-l includes su. */
static void twice_in_one_stack(void)
{
    ino_t host = stage_mnt_inode();
    struct fake f = fake_start(fake_host, 0);
    const char *module = stage_build("pam_jns.so");
    char stack[2048];

    snprintf(stack, sizeof stack, "session required %s socket=%s\nsession required %s socket=%s\n", module, f.socket, module, f.socket);
    pam_handle_t *h = stage_login_stack("alice", stack);
    pam_set_item(h, PAM_TTY, "pts/7");
    enter_a_view();
    int fds = stage_count_fds();
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'R', SOON_MS) && fake_event(&f, 'R', SOON_MS));
    CHECK(stage_mnt_inode() == host && stage_count_fds() == fds);
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void lose_the_right_to_enter(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2];

    CHECK(syscall(SYS_capget, &header, data) == 0);
    data[0].effective &= ~(1U << CAP_SYS_ADMIN);
    CHECK(syscall(SYS_capset, &header, data) == 0);
}

/* It is not in the view of another user, and no message says that it is anywhere else. */
static void who_cannot_come_out_is_refused(void)
{
    struct fake f = fake_start(fake_host, 0);

    enter_a_view();
    ino_t before = stage_mnt_inode();
    lose_the_right_to_enter();
    int fds = stage_count_fds();
    pam_handle_t *h = login(&f, "once=off");
    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, "cannot enter the mount namespace: Operation not permitted"));
    CHECK(stage_said("could not be entered"));
    pam_end(h, PAM_SUCCESS);

    h = login(&f, "once=off on_error=allow");
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && stage_logged(LOG_WARNING, "let in by on_error=allow"));
    pam_end(h, PAM_SUCCESS);

    h = stage_login("root", fake_args(&f, "once=off"));
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && stage_logged(LOG_WARNING, "uid 0 is always let in"));
    pam_end(h, PAM_SUCCESS);
    CHECK(stage_mnt_inode() == before && stage_count_fds() == fds);
    fake_stop(&f);
}

static void without_proc_nobody_knows_where_it_is(void)
{
    struct fake f = fake_start(fake_host, 0);
    pam_handle_t *h = login(&f, "once=off");

    enter_a_view();
    CHECK(mount("nothing", "/proc", "tmpfs", 0, NULL) == 0);
    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, "cannot read /proc/self/ns/"));
    CHECK(umount("/proc") == 0);
    CHECK(access(stage_path("shadow/mark"), F_OK) == 0);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    { "a session without rules comes out of a view, and has no lease", it_comes_out },
    { "who is in the host's view already stays, in the root that it has", who_is_there_already_stays_in_its_root },
    { "in a chroot with the host's socket nobody gets the host's view of a user", no_view_in_a_chroot },
    { "nor the host's own", no_host_in_a_chroot },
    { "twice in one stack: the second one finds it done", twice_in_one_stack },
    { "who cannot come out is refused", who_cannot_come_out_is_refused },
    { "without /proc nobody comes out", without_proc_nobody_knows_where_it_is },
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
