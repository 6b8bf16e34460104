/* SPDX-License-Identifier: Apache-2.0 */
#include "spaces.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The file by which processes move to the cgroup of PROCESS; -1 if there is no unified hierarchy, cgroups(7). */
static int open_procs(const char *process)
{
    static const char unified[] = "0::/";
    char name[64], text[PATH_MAX], path[PATH_MAX + 16];

    snprintf(name, sizeof name, "%.20s/cgroup", process);
    int file = openat(PROC, name, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    ssize_t n = read(file, text, sizeof text - 1);
    close(file);
    text[n > 0 ? n : 0] = '\0';
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        if (strncmp(line, unified, sizeof unified - 1) == 0) {
            snprintf(path, sizeof path, "./%s/cgroup.procs", line + sizeof unified - 1);
            return openat(CGROUPS, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        }
    }
    return -1;
}

static bool move_to(int procs)
{
    return procs >= 0 && write(procs, "0", 1) == 1;
}

/* The root of the namespace is the cgroup of the process that makes it, at that moment, cgroup_namespaces(7). With the daemon's cgroup as
 * the root, the session would see itself above the root: its whole path, with dots before it. */
bool spaces_unshare_cgroup(const char *leader)
{
    int back = open_procs("self"), there = back < 0 ? -1 : open_procs(leader);
    bool moved = move_to(there);
    bool made = unshare(CLONE_NEWCGROUP) == 0;

    /* A program that ends sessions by their cgroup must not find this process there. */
    if (moved && !move_to(back))
        made = false;
    if (back >= 0)
        close(back);
    if (there >= 0)
        close(there);
    return made;
}
