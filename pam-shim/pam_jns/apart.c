/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/32-once-leaves-its-caller.md */
#include "apart.h"

#include <linux/magic.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include "fd.h"

/* The limits that the kernel gives its first process; those of files and of the stack are the ones that service managers set. The number of
 * processes is left out: the kernel does not hold root to it, and what the daemon runs as the user must not have more than the user has. */
static const struct {
    int what;
    struct rlimit limit;
} limits[] = {
    { RLIMIT_FSIZE, { RLIM_INFINITY, RLIM_INFINITY } },
    { RLIMIT_CPU, { RLIM_INFINITY, RLIM_INFINITY } },
    { RLIMIT_AS, { RLIM_INFINITY, RLIM_INFINITY } },
    { RLIMIT_DATA, { RLIM_INFINITY, RLIM_INFINITY } },
    { RLIMIT_RSS, { RLIM_INFINITY, RLIM_INFINITY } },
    { RLIMIT_LOCKS, { RLIM_INFINITY, RLIM_INFINITY } },
    { RLIMIT_SIGPENDING, { RLIM_INFINITY, RLIM_INFINITY } },
    { RLIMIT_RTTIME, { RLIM_INFINITY, RLIM_INFINITY } },
    { RLIMIT_STACK, { 8 << 20, RLIM_INFINITY } },
    { RLIMIT_NOFILE, { 1 << 16, 1 << 19 } },
    { RLIMIT_MEMLOCK, { 8 << 20, 8 << 20 } },
    { RLIMIT_MSGQUEUE, { 819200, 819200 } },
    { RLIMIT_NICE, { 0, 0 } },
    { RLIMIT_RTPRIO, { 0, 0 } },
    { RLIMIT_CORE, { 0, 0 } },
};

/* If root must not raise the limit, it is raised as far as possible. */
static void set_limit(int what, const struct rlimit *wanted)
{
    struct rlimit now;

    if (setrlimit(what, wanted) == 0 || getrlimit(what, &now) < 0)
        return;
    now.rlim_cur = wanted->rlim_cur < now.rlim_max ? wanted->rlim_cur : now.rlim_max;
    setrlimit(what, &now);
}

static bool lift_limits(void)
{
    struct rlimit size;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        set_limit(limits[i].what, &limits[i].limit);
    return getrlimit(RLIMIT_FSIZE, &size) == 0 && size.rlim_cur == RLIM_INFINITY;
}

/* Follows no link, because a view may belong to the caller, and opens only what is on a file system of that kernel type. */
static int open_kernels(int folder, const char *name, int flags, long magic)
{
    struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC), .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
    int fd = (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
    struct statfs fs;

    if (fd >= 0 && magic != 0 && (fstatfs(fd, &fs) < 0 || fs.f_type != magic))
        fd_close(&fd);
    return fd;
}

/* Closes FILE. */
static bool write_to(int file, const char *text)
{
    bool done = file >= 0 && write(file, text, strlen(text)) > 0;

    fd_close(&file);
    return done;
}

/* A file of this process in /proc; /proc/self would be a link. */
static int open_own(const char *name, int flags)
{
    char path[64] = "/proc/0000000000/", *digit = path + sizeof "/proc/0000000000" - 1;

    for (long pid = syscall(SYS_getpid); pid > 0; pid /= 10)
        *--digit = (char)('0' + pid % 10);
    memmove(path + sizeof "/proc/" - 1, digit, strlen(digit) + 1);
    strncat(path, name, sizeof path - strlen(path) - 1);
    return open_kernels(AT_FDCWD, path, flags, PROC_SUPER_MAGIC);
}

/* Reads the end of each line, proc_pid_cgroup(5). A file that cannot be read counts as the top. */
static bool is_below_the_top(void)
{
    char text[4096];
    bool below = false;
    int file = open_own("cgroup", O_RDONLY);
    ssize_t n = file < 0 ? -1 : read(file, text, sizeof text - 1);

    fd_close(&file);
    text[n > 0 ? n : 0] = '\0';
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        const char *path = strstr(line, ":/");
        below |= path != NULL && strcmp(path, ":/") != 0 && strcmp(path, ":/init.scope") != 0;
    }
    return below;
}

/* Moves to the root of each hierarchy, which nobody can stop or limit. In a container the root may be a cgroup that must have no processes:
 * then it moves to the cgroup of process 1. False if this process stays in its caller's cgroup: the tree of a container may be read-only,
 * or begin higher up. */
static bool leave_cgroups(void)
{
    static const char *const hierarchies[] = { ".",       "unified", "systemd", "freezer", "cpu,cpuacct", "cpu",
                                               "cpuacct", "cpuset",  "memory",  "blkio",   "pids" };
    int top = open_kernels(AT_FDCWD, "/sys/fs/cgroup", O_PATH | O_DIRECTORY, 0);
    bool left = top >= 0;

    for (size_t i = 0; top >= 0 && i < sizeof hierarchies / sizeof *hierarchies; i++) {
        long magic = i < 2 ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC;
        int hierarchy = open_kernels(top, hierarchies[i], O_PATH | O_DIRECTORY, magic);

        if (hierarchy >= 0 && !write_to(open_kernels(hierarchy, "cgroup.procs", O_WRONLY, magic), "0"))
            left &= write_to(open_kernels(hierarchy, "init.scope/cgroup.procs", O_WRONLY, magic), "0");
        fd_close(&hierarchy);
    }
    fd_close(&top);
    return left || !is_below_the_top();
}

static void leave_scheduling(void)
{
    const struct sched_param none = { 0 };
    unsigned char all[128];

    memset(all, 0xff, sizeof all);
    sched_setscheduler(0, SCHED_OTHER, &none);
    setpriority(PRIO_PROCESS, 0, 0);
    syscall(SYS_sched_setaffinity, 0, sizeof all, all);
    syscall(SYS_ioprio_set, 1 /* a process */, 0, 0);
    syscall(SYS_set_mempolicy, 0, NULL, 0UL);
    prctl(PR_SET_TIMERSLACK, 0UL);
}

bool apart_from_caller(bool *in_cgroup)
{
    bool free = lift_limits();

    *in_cgroup = !leave_cgroups();
    leave_scheduling();
    write_to(open_own("oom_score_adj", O_WRONLY), "0");
    return free;
}
