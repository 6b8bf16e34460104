/* SPDX-License-Identifier: Apache-2.0 */
#include "namespaces.h"

#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

const struct namespace_kind namespace_kinds[NAMESPACE_KINDS] = {
    { CLONE_NEWUSER, "user", "user" }, { CLONE_NEWCGROUP, "cgroup", "cgroup" }, { CLONE_NEWIPC, "ipc", "IPC" },
    { CLONE_NEWUTS, "uts", "UTS" },    { CLONE_NEWNET, "net", "network" },      { CLONE_NEWPID, "pid", "PID" },
    { CLONE_NEWNS, "mnt", "mount" },   { CLONE_NEWTIME, "time", "time" },
};

int namespace_type(int fd)
{
    int type = ioctl(fd, NS_GET_NSTYPE);

    return type < 0 ? 0 : type;
}

int namespace_of_name(const char *name)
{
    for (size_t i = 0; i < NAMESPACE_KINDS; i++)
        if (strcmp(namespace_kinds[i].name, name) == 0)
            return namespace_kinds[i].type;
    return 0;
}

const char *namespace_name(int type)
{
    for (size_t i = 0; i < NAMESPACE_KINDS; i++)
        if (namespace_kinds[i].type == type)
            return namespace_kinds[i].name;
    return "unknown";
}

bool is_own_namespace(int fd, const char *name)
{
    struct stat own, other;
    char path[64];

    snprintf(path, sizeof path, "/proc/self/ns/%s", name);
    return stat(path, &own) == 0 && fstat(fd, &other) == 0 && own.st_ino == other.st_ino && own.st_dev == other.st_dev;
}
