/* SPDX-License-Identifier: Apache-2.0 */
/* What a command takes from a process may be the choice of another user. In a private user namespace every user chooses what is in the
 * place of /etc and of programs; and every process chooses its environment. The command would believe all of it. */
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/auxvec.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "namespaces.h"

#define REMEDY "; add -U to be in that user namespace too, or --trust-mounts"

/* The deepest nesting that the kernel allows, user_namespaces(7). */
enum { DEEPEST = 33 };

static bool is_same(int one, int other)
{
    struct stat a, b;

    return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Whether OWNER's root controls a command in the user namespace USER anyway, or in the present one if that is -1: OWNER is the same
 * namespace, or one around it. */
static bool rules_over(int owner, int user)
{
    bool found = is_own_namespace(owner, "user");
    int at = user < 0 ? -1 : fcntl(user, F_DUPFD_CLOEXEC, 0);

    for (int depth = 0; at >= 0 && !found && depth < DEEPEST; depth++) {
        int parent = ioctl(at, NS_GET_PARENT);

        found = is_same(at, owner);
        close(at);
        at = parent;
    }
    if (at >= 0)
        close(at);
    return found;
}

/* trusted SLOT USER: dies if the slot holds a mount namespace that a user made, unless that user controls the command anyway, through the
 * user namespace in slot USER. */
static void op_trusted(struct start *s, const struct step *step)
{
    int fd = slot_get(s, step->arg[0]);

    if (fd < 0 || namespace_type(fd) != CLONE_NEWNS)
        return;
    int owner = ioctl(fd, NS_GET_USERNS);
    bool good = owner >= 0 && rules_over(owner, slot_get(s, step->arg[1]));
    if (owner >= 0)
        close(owner);
    if (!good)
        die("cannot enter the mount namespace: a user made it, with a user namespace of its own, and chose what its files are" REMEDY);
}

static int open_namespace(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        die("cannot tell who chose what the process has: cannot open %s of it: %m", name);
    return fd;
}

/* trusted-of DIR USER: the same for the process of that folder in /proc. Its root and working folder are open by now: no process leaves a
 * user namespace, so a process that is in none now was in none then. */
static void op_trusted_of(struct start *s, const struct step *step)
{
    int folder = slot_need(s, step->arg[0]), user = slot_get(s, step->arg[1]);
    int users = open_namespace(folder, "ns/user"), mounts = open_namespace(folder, "ns/mnt");
    int owner = ioctl(mounts, NS_GET_USERNS);
    bool good = owner >= 0 && rules_over(owner, user) && rules_over(users, user);

    close(users);
    close(mounts);
    if (owner >= 0)
        close(owner);
    if (!good)
        die("cannot take root, working folder, environment or context from the process: it is in a user namespace of its own, where a user "
            "chooses them" REMEDY);
}

/* trusted-cgroup SLOT UID USER: the owner of a control group can stop and end what is in it. UID: the user that the command runs as, or
 * -1. */
static void op_trusted_cgroup(struct start *s, const struct step *step)
{
    struct stat st;

    if (slot_get(s, step->arg[2]) >= 0)
        return;
    if (fstat(slot_need(s, step->arg[0]), &st) < 0)
        die("cannot tell whose the control group is: %m");
    if (st.st_uid != 0 && st.st_uid != geteuid() && (long long)st.st_uid != step_signed(step, 1))
        die("cannot join the control group: user %u owns it, and could stop and end the command; add -S %u, or --trust-mounts",
            (unsigned)st.st_uid, (unsigned)st.st_uid);
}

bool process_id(int folder, const char *field, unsigned *id)
{
    unsigned long all[4] = { 0 };
    char line[256];
    bool found = false;
    int fd = openat(folder, "status", O_RDONLY | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = strncmp(line, field, strlen(field)) == 0;
    if (file != NULL)
        fclose(file);
    if (!found)
        die("cannot tell whose the process is: %m");
    char *at = line + strlen(field);
    for (size_t i = 0; i < 4; i++)
        all[i] = strtoul(at, &at, 10);
    *id = (unsigned)all[0];
    return all[0] == all[1] && all[0] == all[2] && all[0] == all[3];
}

/* If a program gained rights by being run, the user who ran it chose the environment: ld.so(8), "secure-execution mode". */
static bool has_gained_rights(int folder)
{
    unsigned long pair[2];
    int fd = openat(folder, "auxv", O_RDONLY | O_CLOEXEC);
    bool gained = true;

    while (fd >= 0 && read(fd, pair, sizeof pair) == sizeof pair && pair[0] != AT_NULL)
        if (pair[0] == AT_SECURE)
            gained = pair[1] != 0;
    if (fd >= 0)
        close(fd);
    return gained;
}

void trust_environment(const struct start *s, int folder, const char *who)
{
    unsigned long wanted = geteuid();
    unsigned id;

    if (strcmp(who, "any") == 0)
        return;
    if (strcmp(who, "default") == 0 && s->entered_user)
        wanted = 0;
    else if (strcmp(who, "default") != 0 && strcmp(who, "caller") != 0)
        wanted = strtoul(who, NULL, 10);
    if (!process_id(folder, "Uid:", &id) || id != wanted || has_gained_rights(folder))
        die("cannot take the environment of the process: another user could have chosen it, and the command would obey it; add -S follow, "
            "or --trust-mounts");
}

const struct op ops_trust[] = {
    { "trusted", "so", op_trusted },
    { "trusted-of", "so", op_trusted_of },
    { "trusted-cgroup", "sio", op_trusted_cgroup },
    { NULL, NULL, NULL },
};
