/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sched.h>

#include "namespaces.h"
#include "ops.h"

/* In the order of namespace_kinds. False if the kernel refused one of them. */
static bool enter_all(struct start *s, int left[NAMESPACE_KINDS], size_t from)
{
    bool all = true;

    for (size_t i = from; i < NAMESPACE_KINDS; i++) {
        if (left[i] < 0)
            continue;
        if (setns(left[i], namespace_kinds[i].type) < 0) {
            all = false;
            continue;
        }
        left[i] = -1;
        s->entered_pid = s->entered_pid || namespace_kinds[i].type == CLONE_NEWPID;
    }
    return all;
}

/* enter COUNT SLOT...: enters all namespaces in the slots. First without the user namespace, because a caller who is root here has the
 * rights for that. What the kernel refuses then is tried in the user namespace, where the caller may have rights that are missing here. */
static void op_enter(struct start *s, const struct step *step)
{
    int left[NAMESPACE_KINDS];

    for (size_t i = 0; i < NAMESPACE_KINDS; i++)
        left[i] = -1;
    for (size_t i = 1; i < step->count; i++) {
        int fd = slot_get(s, step->arg[i]);
        size_t kind = 0;

        if (fd < 0)
            continue;
        int type = namespace_type(fd);
        while (kind < NAMESPACE_KINDS && namespace_kinds[kind].type != type)
            kind++;
        if (kind == NAMESPACE_KINDS)
            die("cannot use the answer: its slot %s has no namespace", step->arg[i]);
        left[kind] = fd;
    }
    enter_all(s, left, 1);
    if (left[0] >= 0 && setns(left[0], CLONE_NEWUSER) < 0)
        die("cannot enter the user namespace: %m%s", errno == EINVAL ? "; one cannot enter the one that one is in" : "");
    s->entered_user = s->entered_user || left[0] >= 0;
    left[0] = -1;
    for (size_t i = 0; i < NAMESPACE_KINDS; i++)
        if (left[i] >= 0 && setns(left[i], namespace_kinds[i].type) < 0)
            die("cannot enter the %s namespace: %m%s", namespace_kinds[i].words, errno == EPERM ? "; it needs root's rights" : "");
        else if (left[i] >= 0 && namespace_kinds[i].type == CLONE_NEWPID)
            s->entered_pid = true;
    for (size_t i = 1; i < step->count; i++)
        slot_put(s, step->arg[i], -1);
}

const struct op ops_enter[] = {
    { "enter", "S", op_enter },
    { NULL, NULL, NULL },
};
