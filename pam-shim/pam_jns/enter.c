/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/09-order-of-entering.md */
#include "enter.h"

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
#include "folder.h"

/* setns(2) of a mount namespace moves the calling thread alone. A session that is forked from another thread would
 * stay outside, and the login program would never know. */
bool enter_is_main_thread(void)
{
    return syscall(SYS_gettid) == getpid();
}

/* The type of the namespace; 0 if FD is no namespace; -1 with errno if it cannot be found out, for example under a policy that denies
 * fstatfs(2). */
static int type_of(int fd)
{
    struct statfs fs;

    if (fstatfs(fd, &fs) < 0)
        return -1;
    return fs.f_type == NSFS_MAGIC ? ioctl(fd, NS_GET_NSTYPE) : 0;
}

/* -1 with *T if PATH is no namespace of that type, whatever else is mounted there, or if it cannot be found out. */
static int stat_own(const char *path, int type, struct stat *st, struct trouble *t)
{
    int own = open(path, O_RDONLY | O_CLOEXEC);
    int found = own < 0 ? -1 : type_of(own);
    int result = found == type ? fstat(own, st) : -1;

    if (found >= 0 && found != type)
        trouble_set(t, TOLD_SETUP, "cannot use %s: it is no namespace; is /proc mounted?", path);
    else if (result < 0)
        trouble_set(t, TOLD_SETUP, "cannot read %s: %m; is /proc mounted, and does a security policy deny it?", path);
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
    if (fstat(fd, &theirs) < 0) {
        trouble_set(t, TOLD_SETUP, "cannot find out which mount namespace the answer has: %m");
        return -1;
    }
    return is_same(&ours, &theirs);
}

/* The namespaces that may come with a mount namespace. Only children enter a PID namespace, so the way out is the namespace in which they
 * would be without this module. */
static const struct kind {
    int type;
    const char *name, *own;
} kinds[] = {
    { CLONE_NEWIPC, "IPC", "/proc/self/ns/ipc" },          { CLONE_NEWUTS, "UTS", "/proc/self/ns/uts" },
    { CLONE_NEWNET, "network", "/proc/self/ns/net" },      { CLONE_NEWPID, "PID", "/proc/self/ns/pid_for_children" },
    { CLONE_NEWCGROUP, "cgroup", "/proc/self/ns/cgroup" }, { CLONE_NEWTIME, "time", "/proc/self/ns/time" },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* The kind of a namespace other than the first one, or NULL. */
static const struct kind *kind_of(int fd)
{
    int type = type_of(fd);

    for (int i = 0; i < KINDS; i++)
        if (kinds[i].type == type)
            return &kinds[i];
    return NULL;
}

/* The owner of the user namespace above a mount namespace decides every mount in it, as a user can in a private one. The same applies to
 * addresses, names and processes in the other kinds. */
static bool is_ours(int fd, const struct stat *ours)
{
    struct stat theirs;
    int owner = ioctl(fd, NS_GET_USERNS);
    bool result = owner >= 0 && fstat(owner, &theirs) == 0 && is_same(ours, &theirs);

    fd_close(&owner);
    return result;
}

enum check enter_check(const struct namespaces *n, struct trouble *t)
{
    struct stat ours;
    int seen = 0;

    for (int i = 0; i < n->count; i++)
        if (type_of(n->fd[i]) < 0) {
            trouble_set(t, TOLD_SETUP, "cannot find out what descriptor %d of the answer is: %m; does a security policy deny it?", i + 1);
            return CHECK_FAILED;
        }
    if (type_of(n->fd[0]) != CLONE_NEWNS) {
        trouble_set(t, TOLD_WRONG, "cannot enter what came with the answer: it is not a mount namespace");
        return CHECK_HOSTILE;
    }
    if (stat_own("/proc/self/ns/user", CLONE_NEWUSER, &ours, t) < 0)
        return CHECK_FAILED;
    for (int i = 0; i < n->count; i++) {
        const struct kind *kind = i == 0 ? NULL : kind_of(n->fd[i]);

        if (i > 0 && (kind == NULL || (seen & kind->type) != 0)) {
            trouble_set(t, TOLD_WRONG, "cannot enter what came with the answer: descriptor %d is %s", i + 1,
                        kind == NULL ? "of no kind that goes with a mount namespace" : "of a kind that came already");
            return CHECK_HOSTILE;
        }
        if (!is_ours(n->fd[i], &ours)) {
            trouble_set(t, TOLD_WRONG,
                        "cannot enter the %s namespace that came with the answer: it belongs to another user "
                        "namespace",
                        kind == NULL ? "mount" : kind->name);
            return CHECK_HOSTILE;
        }
        seen |= kind == NULL ? 0 : kind->type;
    }
    return CHECK_GOOD;
}

/* EINVAL: the file system attributes (root, working directory, umask) are shared with another thread, and setns(2) requires that the caller
 * alone owns them. */
static int move(pam_handle_t *pamh, int fd)
{
    if (setns(fd, CLONE_NEWNS) == 0)
        return 0;
    if (errno != EINVAL || unshare(CLONE_FS) < 0)
        return -1;
    pam_syslog(pamh, LOG_NOTICE,
               "the program has threads: only its main thread, and what it starts from there, "
               "enters the session");
    return setns(fd, CLONE_NEWNS);
}

/* The ways back, in the order in which the namespaces were left. */
struct left {
    const struct kind *kind[KINDS];
    int fd[KINDS];
    int count;
};

/* Leaves every namespace that was entered, the last one first; errno stays. */
static bool go_back(struct left *l)
{
    bool back = true;
    int saved = errno;

    while (l->count > 0) {
        int i = --l->count;
        back &= setns(l->fd[i], l->kind[i]->type) == 0;
        fd_close(&l->fd[i]);
    }
    errno = saved;
    return back;
}

static int give_up(struct left *l, const char *name, struct trouble *t)
{
    const char *hint = errno == EUSERS ? ", for the program has threads" : "";

    if (go_back(l)) {
        trouble_set(t, TOLD_ENTER, "cannot enter the %s namespace: %m%s", name, hint);
        return -1;
    }
    trouble_set(t, TOLD_ENTER, "cannot enter the %s namespace: %m%s; nor leave those that were entered before", name, hint);
    t->is_final = true;
    return -1;
}

/* Enters the namespace FD, unless the caller is in it already: no process need be let into its own PID or time namespace. */
static int enter_other(int fd, struct left *l, struct trouble *t)
{
    const struct kind *kind = kind_of(fd);
    struct stat here, there;
    int own = open(kind->own, O_RDONLY | O_CLOEXEC);

    if (own < 0 || fstat(own, &here) < 0 || fstat(fd, &there) < 0) {
        fd_close(&own);
        return give_up(l, kind->name, t);
    }
    if (is_same(&here, &there)) {
        fd_close(&own);
        return 0;
    }
    if (setns(fd, kind->type) < 0) {
        fd_close(&own);
        return give_up(l, kind->name, t);
    }
    l->kind[l->count] = kind;
    l->fd[l->count++] = own;
    return 0;
}

/* Where the caller is, and the way back. */
struct home {
    int root, mounts;
};

static bool home_open(struct home *h, struct trouble *t)
{
    h->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    h->mounts = h->root < 0 ? -1 : open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    if (h->mounts < 0)
        trouble_set(t, TOLD_SETUP, "cannot keep a way back into this mount namespace: %m");
    return h->mounts >= 0;
}

static void home_close(struct home *h)
{
    fd_close(&h->root);
    fd_close(&h->mounts);
}

/* Compares what the kernel knows of both, without a question to a file system. */
static bool has_same_root(const struct home *h)
{
    enum { FLAGS = AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC };
    struct statx before, now;

    return statx(h->root, "", FLAGS | AT_EMPTY_PATH, STATX_INO, &before) == 0 && statx(AT_FDCWD, "/", FLAGS, STATX_INO, &now) == 0
        && before.stx_dev_major == now.stx_dev_major && before.stx_dev_minor == now.stx_dev_minor && before.stx_ino == now.stx_ino;
}

/* setns(2) leads to the root of the namespace, and so out of a chroot(2), or from a tree that the program has for itself to the tree of the
 * daemon. */
static void leave_again(const struct home *h, int folder, struct trouble *t)
{
    if (setns(h->mounts, CLONE_NEWNS) < 0 || fchdir(h->root) < 0 || chroot(".") < 0) {
        trouble_set(t, TOLD_ENTER, "cannot go back from a mount namespace that has another / than the login program: %m");
        t->is_final = true;
        return;
    }
    bool in_folder = folder >= 0 && fchdir(folder) == 0;

    /* If that failed, the working folder is /, as in a view. */
    (void)in_folder;
    trouble_set(t, TOLD_SETUP,
                "cannot enter the mount namespace: its / is not the one here, and the session would leave this chroot or "
                "container; take pam_jns.so out of the PAM files here");
}

/* The mount namespace comes last: the ways back are files of the present one's /proc, and until then failures can be logged. */
static int enter_all(pam_handle_t *pamh, const struct namespaces *n, const struct home *home, int folder, struct trouble *t)
{
    struct left l = { .count = 0 };

    for (int i = 1; i < n->count; i++)
        if (enter_other(n->fd[i], &l, t) < 0)
            return -1;
    if (move(pamh, n->fd[0]) < 0)
        return give_up(&l, "mount", t);
    if (!has_same_root(home)) {
        leave_again(home, folder, t);
        t->is_final |= !go_back(&l);
        return -1;
    }
    while (l.count > 0)
        fd_close(&l.fd[--l.count]);
    return 0;
}

int enter_namespaces(pam_handle_t *pamh, struct namespaces *n, const struct timespec *deadline, struct trouble *t)
{
    struct folder cwd = { .fd = -1 };
    struct home home;
    int result = -1;

    if (home_open(&home, t)) {
        folder_remember(&cwd, deadline);
        result = enter_all(pamh, n, &home, cwd.fd, t);
    }
    if (result == 0)
        folder_return(&cwd);
    fd_close(&cwd.fd);
    home_close(&home);
    namespaces_close(n);
    return result;
}
