/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "say.h"

/* Links in a tree for a new root lead to the files that they name inside it, and not outside. */
static int in_base(const struct start *s, const char *path, unsigned long long flags)
{
    struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
    int fd;

    /* EAGAIN: something was renamed meanwhile, and it is unknown whether ".." stayed inside, openat2(2). */
    do
        fd = (int)syscall(SYS_openat2, s->base, path, &how, sizeof how);
    while (fd < 0 && errno == EAGAIN);
    return fd;
}

void target_refuse_if_lost(const struct start *s, const char *path)
{
    if (s->lost && path[0] != '/')
        die("cannot use %s: an earlier option has covered the working folder; give a path that begins with /", path);
}

int target_open(struct start *s, const char *path)
{
    if (s->first_root < 0) {
        s->first_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        s->first_folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    if (s->base < 0)
        target_refuse_if_lost(s, path);
    int fd = s->base < 0 ? open(path, O_PATH | O_CLOEXEC) : in_base(s, path, O_PATH);

    if (fd < 0)
        die("cannot use %s: %m%s", path, errno == ENOENT ? "; the target must exist" : "");
    return fd;
}

/* Kernels before 5.8 do not tell mounts apart here: then the same file in another mount counts as the root. */
static bool is_same(int fd, const char *path, int other, const char *other_path)
{
    struct statx a, b;

    if (statx(fd, path, AT_EMPTY_PATH | AT_NO_AUTOMOUNT, STATX_INO | STATX_MNT_ID, &a) < 0
        || statx(other, other_path, AT_EMPTY_PATH | AT_NO_AUTOMOUNT, STATX_INO | STATX_MNT_ID, &b) < 0)
        die("cannot look at %s: %m", path);
    return a.stx_ino == b.stx_ino && a.stx_dev_major == b.stx_dev_major && a.stx_dev_minor == b.stx_dev_minor
        && a.stx_mnt_id == b.stx_mnt_id;
}

void target_refuse_root(const struct start *s, int onto, const char *path, const char *what)
{
    if (is_same(onto, "", s->base < 0 ? AT_FDCWD : s->base, s->base < 0 ? "/" : ""))
        die("cannot %s %s: it is the root, and the command would not be there; name the folders in it, or use --rootfs", what, path);
}

/* A mount on the root is on top of it, and the root of this process is still the folder below. The kernel goes to the top mount if ".."
 * stays at the root. The same applies to mounts on the working folder, or above it. */
void target_look_again(struct start *s)
{
    int top = s->base < 0 ? open("/..", O_PATH | O_DIRECTORY | O_CLOEXEC) : in_base(s, "..", O_PATH | O_DIRECTORY);

    if (top < 0)
        die("cannot open the root: %m");
    if (s->base >= 0) {
        close(s->base);
        s->base = top;
        return;
    }
    if (!is_same(top, "", AT_FDCWD, "/") && (fchdir(top) < 0 || chroot(".") < 0))
        die("cannot change the root: %m");
    close(top);
    s->lost = s->cwd != NULL && *s->cwd == '/' && chdir(s->cwd) < 0;
}

static bool is_read_only(int fd)
{
    struct statvfs fs;

    return fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0;
}

int target_before_mounts(const struct start *s, const char *path, int fd)
{
    struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = path[0] == '/' ? RESOLVE_IN_ROOT : 0 };
    struct stat now, then;
    int before = !is_read_only(fd) || s->first_root < 0
        ? -1
        : (int)syscall(SYS_openat2, path[0] == '/' ? s->first_root : s->first_folder, path, &how, sizeof how);

    if (before < 0)
        return fd;
    if (fstat(fd, &now) < 0 || fstat(before, &then) < 0 || now.st_dev != then.st_dev || now.st_ino != then.st_ino || is_read_only(before)) {
        close(before);
        return fd;
    }
    close(fd);
    return before;
}
