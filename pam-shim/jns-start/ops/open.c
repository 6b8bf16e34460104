/* SPDX-License-Identifier: Apache-2.0 */
/* Opens files before anything is entered: with the caller's rights, and as the caller sees them. */
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "namespaces.h"
#include "ops.h"

#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894C
#endif

static const char *shown(const char *from, const char *path)
{
    return *from == '-' ? path : strcmp(path, "root") == 0 ? "the root of the process" : path;
}

/* Never waits, not even for a FIFO, and never takes a terminal as the controlling one. */
static int open_as(const struct start *s, const struct step *step)
{
    const char *kind = step->arg[3];
    int from = *step->arg[1] == '-' ? AT_FDCWD : slot_need(s, step->arg[1]);
    int flags = strcmp(kind, "dir") == 0 ? O_PATH | O_DIRECTORY : O_RDONLY | O_NONBLOCK | O_NOCTTY;

    return openat(from, step->arg[2], flags | O_CLOEXEC);
}

/* open SLOT FROM PATH KIND: from the working folder, or from the folder in slot FROM. KIND: a namespace kind as in /proc/PID/ns, "ns" for
 * any kind, "dir" or "file". */
static void op_open(struct start *s, const struct step *step)
{
    const char *path = shown(step->arg[1], step->arg[2]), *kind = step->arg[3];
    int fd = open_as(s, step);

    if (fd < 0)
        die("cannot open %s: %m", path);
    if (strcmp(kind, "dir") != 0 && strcmp(kind, "file") != 0) {
        int type = namespace_type(fd), wanted = namespace_of_name(kind);

        if (type == 0)
            die("cannot enter %s: it is no namespace", path);
        if (strcmp(kind, "ns") != 0 && type != wanted)
            die("cannot enter %s: it is a namespace of another kind, %s and not %s", path, namespace_name(type), kind);
    }
    slot_put(s, step->arg[0], fd);
}

/* open-if: the same, and nothing if the file does not exist: a kernel without that namespace kind. */
static void op_open_if(struct start *s, const struct step *step)
{
    int fd = open_as(s, step);

    if (fd < 0 && errno != ENOENT)
        die("cannot open %s: %m", shown(step->arg[1], step->arg[2]));
    slot_put(s, step->arg[0], fd);
}

/* Before Linux 6.9 a pidfd is an anonymous inode, and all pidfds share one. */
static void check_inode(int pidfd, const char *pid, const char *inode, unsigned long long wanted)
{
    enum { PIDFS = 0x50494446 };
    struct statfs fs;
    struct stat st;

    if (fstatfs(pidfd, &fs) < 0 || fstat(pidfd, &st) < 0)
        die("cannot tell which process %s is: %m", pid);
    if (fs.f_type != PIDFS)
        die("cannot tell whether process %s is %s:%s: this kernel has one inode for all processes, Linux 6.9 has one for each; leave "
            ":INODE out",
            pid, pid, inode);
    if (st.st_ino != wanted)
        die("cannot find process %s:%s: the process of that number is another one by now", pid, inode);
}

/* process DIR PIDFD PID INODE: opens the process's folder in /proc and its pidfd. If slot PIDFD holds a pidfd already, that is the process;
 * and an INODE other than 0 must be the inode of the pidfd. Then no other process can have got the number: when the folder was open, the
 * process of the pidfd still existed. */
static void op_process(struct start *s, const struct step *step)
{
    const char *pid = step->arg[2];
    unsigned long long inode = step_number(step, 3);
    int pidfd = slot_get(s, step->arg[1]);
    char path[64];

    if (pidfd < 0) {
        pidfd = (int)syscall(SYS_pidfd_open, step_number(step, 2), 0);
        /* EINVAL: a thread, whose files can be used nevertheless. */
        if (pidfd < 0 && (errno != EINVAL || inode != 0))
            die("cannot find process %s: %m", pid);
        if (pidfd >= 0)
            slot_put(s, step->arg[1], pidfd);
    }
    if (inode != 0)
        check_inode(pidfd, pid, step->arg[3], inode);
    snprintf(path, sizeof path, "/proc/%s", pid);
    int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        die("cannot find process %s: %m", pid);
    if (pidfd >= 0 && syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) < 0 && errno == ESRCH)
        die("cannot find process %s: it has ended", pid);
    slot_put(s, step->arg[0], folder);
}

/* skip-own SLOT KIND: empties the slot if this process is in that namespace. The kernel refuses to enter the user namespace that a process
 * is in, setns(2). */
static void op_skip_own(struct start *s, const struct step *step)
{
    int fd = slot_get(s, step->arg[0]);

    if (fd >= 0 && is_own_namespace(fd, step->arg[1]))
        slot_put(s, step->arg[0], -1);
}

/* owner-of SLOT FROM and parent-of SLOT FROM: the user namespace that owns the namespace in FROM, or its parent. */
static void op_userns_of(struct start *s, const struct step *step)
{
    bool owner = strcmp(step->op->word, "owner-of") == 0;
    int fd = ioctl(slot_need(s, step->arg[1]), owner ? NS_GET_USERNS : NS_GET_PARENT);

    if (fd < 0)
        die("cannot find the %s user namespace: %m", owner ? "owning" : "parent");
    slot_put(s, step->arg[0], fd);
}

/* socket-netns SLOT PIDFD NUMBER: the network namespace of the process's socket. */
static void op_socket_netns(struct start *s, const struct step *step)
{
    int file = (int)syscall(SYS_pidfd_getfd, slot_need(s, step->arg[1]), step_number(step, 2), 0);

    if (file < 0)
        die("cannot get descriptor %s of the process: %m", step->arg[2]);
    int fd = ioctl(file, SIOCGSKNS);
    if (fd < 0)
        die("cannot find the network namespace of descriptor %s: %m", step->arg[2]);
    close(file);
    slot_put(s, step->arg[0], fd);
}

/* The line of cgroup v2 is "0::PATH", cgroups(7). */
static bool find_cgroup(int folder, char *path, size_t size)
{
    int fd = openat(folder, "cgroup", O_RDONLY | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    bool found = false;

    while (file != NULL && !found && fgets(path, (int)size, file) != NULL)
        found = strncmp(path, "0::", 3) == 0;
    if (file != NULL)
        fclose(file);
    path[strcspn(path, "\n")] = '\0';
    return found;
}

/* cgroup-of SLOT DIR: opens the file through which a process joins the cgroup of that process, in cgroup v2. */
static void op_cgroup_of(struct start *s, const struct step *step)
{
    enum { CGROUP2 = 0x63677270 };
    char line[4096], path[5000];
    struct statfs fs;

    if (!find_cgroup(slot_need(s, step->arg[1]), line, sizeof line))
        die("cannot join the cgroup: the process is in none of version 2");
    bool hybrid = statfs("/sys/fs/cgroup", &fs) < 0 || fs.f_type != CGROUP2;
    snprintf(path, sizeof path, "/sys/fs/cgroup%s%s/cgroup.procs", hybrid ? "/unified" : "", line + 3);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        die("cannot join the cgroup: cannot open %s: %m", path);
    slot_put(s, step->arg[0], fd);
}

const struct op ops_open[] = {
    { "open", "sott", op_open },
    { "open-if", "sott", op_open_if },
    { "process", "ssnn", op_process },
    { "skip-own", "st", op_skip_own },
    { "owner-of", "ss", op_userns_of },
    { "parent-of", "ss", op_userns_of },
    { "socket-netns", "ssn", op_socket_netns },
    { "cgroup-of", "ss", op_cgroup_of },
    { NULL, NULL, NULL },
};
