/* SPDX-License-Identifier: Apache-2.0 */
#include "enter.h"

#include <limits.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <security/pam_ext.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <syslog.h>

#include "fd.h"

/* setns(2) of a mount namespace moves the calling thread alone. A session that is forked from another thread would
 * stay outside, and the login program would never know. */
bool enter_is_main_thread(void)
{
    return syscall(SYS_gettid) == getpid();
}

static bool is_namespace(int fd, int type)
{
    struct statfs fs;

    return fstatfs(fd, &fs) == 0 && fs.f_type == NSFS_MAGIC && ioctl(fd, NS_GET_NSTYPE) == type;
}

/* -1 with *T when PATH is no namespace of that type, whatever else is mounted there. */
static int stat_own(const char *path, int type, struct stat *st, struct trouble *t)
{
    int own = open(path, O_RDONLY | O_CLOEXEC);
    int result = 0;

    if (own < 0 || !is_namespace(own, type) || fstat(own, st) < 0) {
        trouble_set(t, TOLD_SETUP, "cannot read %s: %m; is /proc mounted?", path);
        result = -1;
    }
    fd_close(&own);
    return result;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int enter_is_here(int fd, struct trouble *t)
{
    struct stat ours, theirs;

    if (stat_own("/proc/self/ns/mnt", CLONE_NEWNS, &ours, t) < 0)
        return -1;
    return fstat(fd, &theirs) == 0 && is_same(&ours, &theirs);
}

enum check enter_check(int fd, struct trouble *t)
{
    struct stat ours, theirs;
    int owner;

    if (!is_namespace(fd, CLONE_NEWNS)) {
        trouble_set(t, TOLD_WRONG, "cannot enter what came with the answer: it is not a mount namespace");
        return CHECK_HOSTILE;
    }
    if (stat_own("/proc/self/ns/user", CLONE_NEWUSER, &ours, t) < 0)
        return CHECK_FAILED;

    /* Who owns the user namespace above a mount namespace decides every mount in it, as a user can in one of his own. */
    owner = ioctl(fd, NS_GET_USERNS);
    if (owner < 0 || fstat(owner, &theirs) < 0 || !is_same(&ours, &theirs)) {
        trouble_set(t, TOLD_WRONG, "cannot enter the mount namespace that came with the answer: it belongs to "
                    "another user namespace");
        fd_close(&owner);
        return CHECK_HOSTILE;
    }
    fd_close(&owner);
    return CHECK_GOOD;
}

/* EINVAL: the file system attributes (root, working directory, umask) are shared with another thread, and setns(2)
 * wants a caller who owns them. */
static int move(pam_handle_t *pamh, int fd)
{
    if (setns(fd, CLONE_NEWNS) == 0)
        return 0;
    if (errno != EINVAL || unshare(CLONE_FS) < 0)
        return -1;
    pam_syslog(pamh, LOG_NOTICE, "the program has threads: only its main thread, and what it starts from there, "
               "enters the session");
    return setns(fd, CLONE_NEWNS);
}

int enter_namespace(pam_handle_t *pamh, int fd, struct trouble *t)
{
    char cwd[PATH_MAX];
    bool known = getcwd(cwd, sizeof cwd) != NULL && cwd[0] == '/';

    if (move(pamh, fd) < 0) {
        trouble_set(t, TOLD_ENTER, "cannot enter the mount namespace: %m");
        fd_close(&fd);
        return -1;
    }
    /* setns(2) has set the working directory to the root of the new view already, so nothing is left to do if this fails. */
    bool back = known && chdir(cwd) == 0;
    if (!back)
        back = chdir("/") == 0;
    (void)back;
    close(fd);
    return 0;
}
