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

enum check enter_check(int fd, struct trouble *t)
{
    struct stat ours, theirs;
    int own, owner;

    if (!is_namespace(fd, CLONE_NEWNS)) {
        trouble_set(t, TOLD_WRONG, "cannot enter what came with the answer: it is not a mount namespace");
        return CHECK_HOSTILE;
    }
    own = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
    if (own < 0 || !is_namespace(own, CLONE_NEWUSER) || fstat(own, &ours) < 0) {
        trouble_set(t, TOLD_SETUP, "cannot read /proc/self/ns/user: %m; is /proc mounted?");
        fd_close(&own);
        return CHECK_FAILED;
    }
    fd_close(&own);

    /* Who owns the user namespace above a mount namespace decides every mount in it, as a user can in one of his own. */
    owner = ioctl(fd, NS_GET_USERNS);
    if (owner < 0 || fstat(owner, &theirs) < 0 || theirs.st_dev != ours.st_dev || theirs.st_ino != ours.st_ino) {
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
