/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/10-working-folder.md */
#include "folder.h"

#include <linux/magic.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "deadline.h"
#include "fd.h"
#include "fork.h"
#include "reap.h"

enum { PATIENCE_MS = 500, TRIES = 8 };

/* Opens PATH without following a single link. With RESOLVE_CACHED also without a question to any file system: EAGAIN if that is not
 * possible, or if a process mounted or renamed something at that moment. */
static int open_folder(const char *path, uint64_t resolve)
{
    struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | resolve };
    int fd = -1;

    for (int i = 0; i < TRIES && fd < 0; i++) {
        fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
        if (fd < 0 && errno != EAGAIN)
            break;
    }
    return fd;
}

/* File systems of programs and servers that anybody can start or name, directly or, as with ecryptfs, as the lower layer of another. The
 * user who runs the server decides whether it answers a question, and when. */
static bool is_anybodys(uint64_t type)
{
    static const uint64_t types[] = { FUSE_SUPER_MAGIC, ECRYPTFS_SUPER_MAGIC, AFS_SUPER_MAGIC, AFS_FS_MAGIC, CODA_SUPER_MAGIC };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (type == types[i])
            return true;
    return false;
}

/* As <linux/mount.h> defines it since Linux 6.8; the number is the same on all processors except two old ones. */
#if !defined SYS_statmount && !defined __alpha__ && !defined __mips__
#define SYS_statmount 457
#endif
enum { MOUNT_ID_UNIQUE = 0x4000, SUPER_BLOCK = 1 };
struct mount_request {
    uint32_t size, spare;
    uint64_t mount, what;
};
struct mount_answer {
    uint32_t size, options;
    uint64_t what;
    uint32_t major, minor;
    uint64_t type;
    unsigned char rest[512 - 32];
};

/* The type of the working folder's file system, as the kernel knows it; 0 if it is unknown, as before Linux 6.8. fstatfs(2) would ask the
 * server of the file system. */
static uint64_t type_here(void)
{
    struct mount_answer answer = { .what = 0 };
#ifdef SYS_statmount
    struct mount_request request = { .size = sizeof request, .what = SUPER_BLOCK };
    struct statx st;
    int here = open_folder(".", RESOLVE_CACHED);

    if (here >= 0 && statx(here, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, MOUNT_ID_UNIQUE, &st) == 0
        && (st.stx_mask & MOUNT_ID_UNIQUE) != 0) {
        request.mount = st.stx_mnt_id;
        if (syscall(SYS_statmount, &request, &answer, sizeof answer, 0UL) < 0)
            answer.what = 0;
    }
    fd_close(&here);
#endif
    return (answer.what & SUPER_BLOCK) != 0 ? answer.type : 0;
}

/* Reads what the kernel knows of FD, without a question to its file system. The empty path means the descriptor. */
static bool identify(int fd, struct folder *f)
{
    struct statx st;

    if (statx(fd, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_INO, &st) < 0)
        return false;
    f->major = st.stx_dev_major;
    f->minor = st.stx_dev_minor;
    f->inode = st.stx_ino;
    return true;
}

static bool hold(struct folder *f)
{
    int same = open_folder(f->path, RESOLVE_CACHED);

    f->fd = same < 0 ? -1 : open_folder(".", RESOLVE_CACHED);
    fd_close(&same);
    if (f->fd >= 0 && !identify(f->fd, f))
        fd_close(&f->fd);
    return f->fd >= 0;
}

/* Runs in a separate process, because only SIGKILL ends a call that waits for a dead file server, and not in every case. So the process
 * first closes everything that the login program has open. Afterwards the kernel knows what the call has asked: names, rights, access
 * lists. */
static _Noreturn void visit(const char *path)
{
    struct statfs fs;

    if (close_range(0, ~0U, 0) < 0)
        _exit(1);
    int here = open_folder(".", RESOLVE_CACHED);
    if (here < 0 || fstatfs(here, &fs) < 0 || is_anybodys((uint64_t)fs.f_type))
        _exit(1);
    int fd = open_folder(path, 0);
    _exit(fd >= 0 && fchdir(fd) == 0 ? 0 : 1);
}

static bool can_be_visited(const char *path, int ms)
{
    sigset_t all, before;
    int status = -1;

    /* No handler of the login program may run in the child. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = raw_fork(0);
    if (child == 0)
        visit(path);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return child > 0 && reap(child, ms, &status) && status == 0;
}

void folder_remember(struct folder *f, const struct timespec *deadline)
{
    int left = deadline_left_ms(deadline);

    f->fd = -1;
    /* By system call: if the folder is out of reach, getcwd(3) would go up through the folders around it. */
    if (syscall(SYS_getcwd, f->path, sizeof f->path) < 2 || f->path[0] != '/' || f->path[1] == '\0')
        return;
    if (is_anybodys(type_here()))
        return;
    /* A file system on a disk answers if the kernel knows what it is asked already. One without a disk may be the program or server of any
     * user. */
    if (hold(f) && f->major != 0)
        return;
    fd_close(&f->fd);
    if (can_be_visited(f->path, left < PATIENCE_MS ? left : PATIENCE_MS))
        hold(f);
}

void folder_return(struct folder *f)
{
    struct folder there = { .fd = f->fd < 0 ? -1 : open_folder(f->path, RESOLVE_CACHED) };

    bool back = there.fd >= 0 && identify(there.fd, &there) && there.major == f->major && there.minor == f->minor && there.inode == f->inode
        && fchdir(there.fd) == 0;

    /* A folder that refuses its visitor is no reason to refuse the session. */
    (void)back;
    fd_close(&there.fd);
    fd_close(&f->fd);
}
