/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Reads a number that the character AFTER follows. The largest number is no id, but "none" to the kernel. */
static bool read_id(const char **text, char after, unsigned *id)
{
    char *end;

    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    unsigned long number = strtoul(*text, &end, 10);
    if (errno != 0 || number >= 0xffffffffUL || *end != after)
        return false;
    *id = (unsigned)number;
    *text = end + (after != '\0');
    return true;
}

bool identity_read(const char *text, struct identity *ids)
{
    ids->uid = 0;
    ids->gid = 0;
    ids->groups = 0;
    if (strcmp(text, "root") == 0)
        return true;
    if (!read_id(&text, ':', &ids->uid) || !read_id(&text, ':', &ids->gid))
        return false;
    for (;;) {
        gid_t *next = &ids->group[ids->groups];

        if (ids->groups == IDENTITY_MOST_GROUPS)
            return false;
        ids->groups++;
        if (read_id(&text, '\0', next))
            return true;
        if (!read_id(&text, ',', next))
            return false;
    }
}

static int compare(const void *a, const void *b)
{
    gid_t x = *(const gid_t *)a, y = *(const gid_t *)b;

    return x < y ? -1 : x > y;
}

/* The kernel sorts the groups. */
static bool has_groups(const struct identity *ids)
{
    static gid_t have[IDENTITY_MOST_GROUPS], want[IDENTITY_MOST_GROUPS];
    int n = getgroups(IDENTITY_MOST_GROUPS, have);

    if (n < 0 || (size_t)n != ids->groups)
        return false;
    memcpy(want, ids->group, ids->groups * sizeof *want);
    qsort(want, ids->groups, sizeof *want, compare);
    qsort(have, ids->groups, sizeof *have, compare);
    return memcmp(have, want, ids->groups * sizeof *want) == 0;
}

bool identity_become(const struct identity *ids, bool gains)
{
    uid_t uid[3];
    gid_t gid[3];

    if (setgroups(ids->groups, ids->group) < 0 || setresgid(ids->gid, ids->gid, ids->gid) < 0
        || setresuid(ids->uid, ids->uid, ids->uid) < 0)
        return false;
    errno = EPERM;
    if (getresuid(&uid[0], &uid[1], &uid[2]) < 0 || getresgid(&gid[0], &gid[1], &gid[2]) < 0 || !has_groups(ids))
        return false;
    for (int i = 0; i < 3; i++)
        if (uid[i] != ids->uid || gid[i] != ids->gid)
            return false;
    if (ids->uid == 0)
        return true;
    if (!gains && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return false;
    /* If the way back is open, capabilities were kept, capabilities(7). */
    if (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0) {
        errno = EPERM;
        return false;
    }
    return true;
}
