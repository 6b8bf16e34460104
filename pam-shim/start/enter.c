/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "namespaces.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const struct {
    int type;
    const char *name, *words;
} kinds[] = {
    { CLONE_NEWUSER, "user", "user" }, { CLONE_NEWCGROUP, "cgroup", "cgroup" }, { CLONE_NEWIPC, "ipc", "IPC" }, { CLONE_NEWUTS, "uts", "UTS" },
    { CLONE_NEWNET, "net", "network" }, { CLONE_NEWPID, "pid", "PID" }, { CLONE_NEWNS, "mnt", "mount" }, { CLONE_NEWTIME, "time", "time" },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

int namespace_type(int fd)
{
    int type = ioctl(fd, NS_GET_NSTYPE);

    return type < 0 ? 0 : type;
}

int namespace_of_name(const char *name)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].type;
    return 0;
}

const char *namespace_name(int type)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].type == type)
            return kinds[i].name;
    return "unknown";
}

bool is_own_namespace(int fd, const char *name)
{
    struct stat own, other;
    char path[64];

    snprintf(path, sizeof path, "/proc/self/ns/%s", name);
    return stat(path, &own) == 0 && fstat(fd, &other) == 0 && own.st_ino == other.st_ino && own.st_dev == other.st_dev;
}

/* In the order of kinds. False if the kernel refused one of them. */
static bool enter_all(struct start *s, int left[KINDS], size_t from)
{
    bool all = true;

    for (size_t i = from; i < KINDS; i++) {
        if (left[i] < 0)
            continue;
        if (setns(left[i], kinds[i].type) < 0) {
            all = false;
            continue;
        }
        left[i] = -1;
        s->entered_pid = s->entered_pid || kinds[i].type == CLONE_NEWPID;
    }
    return all;
}

/* enter COUNT SLOT...: all of those that are there. First without the user namespace, as the caller has the rights for that who is
 * root here; what is refused then is tried in the user namespace, where one may have rights that one has not here. */
static void op_enter(struct start *s, const struct step *step)
{
    int left[KINDS];

    for (size_t i = 0; i < KINDS; i++)
        left[i] = -1;
    for (size_t i = 1; i < step->count; i++) {
        int fd = slot_get(s, step->arg[i]);
        size_t kind = 0;

        if (fd < 0)
            continue;
        int type = namespace_type(fd);
        while (kind < KINDS && kinds[kind].type != type)
            kind++;
        if (kind == KINDS)
            die("cannot use the answer: its slot %s has no namespace", step->arg[i]);
        left[kind] = fd;
    }
    enter_all(s, left, 1);
    if (left[0] >= 0 && setns(left[0], CLONE_NEWUSER) < 0)
        die("cannot enter the user namespace: %m%s", errno == EINVAL ? "; one cannot enter the one that one is in" : "");
    s->entered_user = s->entered_user || left[0] >= 0;
    left[0] = -1;
    for (size_t i = 0; i < KINDS; i++)
        if (left[i] >= 0 && setns(left[i], kinds[i].type) < 0)
            die("cannot enter the %s namespace: %m%s", kinds[i].words, errno == EPERM ? "; it needs root's rights" : "");
        else if (left[i] >= 0 && kinds[i].type == CLONE_NEWPID)
            s->entered_pid = true;
    for (size_t i = 1; i < step->count; i++)
        slot_put(s, step->arg[i], -1);
}

const struct op ops_enter[] = {
    { "enter", "S", op_enter },
    { NULL, NULL, NULL },
};
