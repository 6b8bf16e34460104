/* SPDX-License-Identifier: Apache-2.0 */
/* The ids that the command runs with. Numbers only: names were looked up outside, in root's user database. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "namespaces.h"
#include "ops.h"
#include "trust.h"

/* The largest number is no id, but "none" to the kernel. */
static unsigned id(const struct step *step, size_t at)
{
    unsigned long long number = step_number(step, at);

    if (number >= 0xffffffffULL)
        die("cannot use the answer: %s is no id", step->arg[at]);
    return (unsigned)number;
}

/* drop-groups USER: drops all groups, if the slot holds a user namespace, which is entered next. In that namespace nobody may be able to
 * set groups, user_namespaces(7): then this was the last chance, and a caller who may do it neither here nor there is refused. */
static void op_drop_groups(struct start *s, const struct step *step)
{
    int fd = slot_get(s, step->arg[0]);

    s->dropped_groups = s->dropped_groups || (fd >= 0 && namespace_type(fd) == CLONE_NEWUSER && setgroups(0, NULL) == 0);
}

static void set_groups(const struct start *s, size_t count, const gid_t *groups)
{
    if (setgroups(count, groups) < 0 && (count > 0 || !s->dropped_groups))
        die("cannot set the groups: %m%s", s->entered_user ? "; --preserve-credentials leaves them and all ids alone" : "");
}

/* groups COUNT GID...: sets these supplementary groups and no others. */
static void op_groups(struct start *s, const struct step *step)
{
    size_t count = step->count - 1;
    gid_t *groups = calloc(count + 1, sizeof *groups);

    if (groups == NULL)
        die("cannot set the groups: %m");
    for (size_t i = 0; i < count; i++)
        groups[i] = id(step, i + 1);
    set_groups(s, count, groups);
    free(groups);
}

static void become_group(gid_t gid)
{
    gid_t now[3];

    if (setresgid(gid, gid, gid) < 0 || getresgid(&now[0], &now[1], &now[2]) < 0)
        die("cannot become group %u: %m", (unsigned)gid);
    if (now[0] != gid || now[1] != gid || now[2] != gid)
        die("cannot become group %u: the kernel did not do it", (unsigned)gid);
}

static void become_user(uid_t uid)
{
    uid_t now[3];

    if (setresuid(uid, uid, uid) < 0 || getresuid(&now[0], &now[1], &now[2]) < 0)
        die("cannot become user %u: %m", (unsigned)uid);
    if (now[0] != uid || now[1] != uid || now[2] != uid)
        die("cannot become user %u: the kernel did not do it", (unsigned)uid);
}

static void op_gid(struct start *s, const struct step *step)
{
    (void)s;
    become_group(id(step, 0));
}

static void op_uid(struct start *s, const struct step *step)
{
    (void)s;
    become_user(id(step, 0));
}

/* The id of the process, as the present user namespace shows it. */
static unsigned id_of(const struct start *s, const struct step *step, const char *field)
{
    unsigned id;

    if (!process_id(slot_need(s, step->arg[0]), field, &id))
        die("cannot follow the ids of the process: it runs a program that changes them (setuid); name a user by -S, or a group by -G");
    return id;
}

/* gid-of DIR and uid-of DIR */
static void op_gid_of(struct start *s, const struct step *step)
{
    become_group(id_of(s, step, "Gid:"));
}

static void op_uid_of(struct start *s, const struct step *step)
{
    become_user(id_of(s, step, "Uid:"));
}

static void get_capabilities(struct __user_cap_header_struct *head, struct __user_cap_data_struct data[2])
{
    *head = (struct __user_cap_header_struct){ .version = _LINUX_CAPABILITY_VERSION_3 };
    if (syscall(SYS_capget, head, data) < 0)
        die("cannot read the capabilities: %m");
}

static bool permitted(const struct __user_cap_data_struct data[2], int capability)
{
    return (data[capability / 32].permitted >> (capability % 32) & 1) != 0;
}

/* default-ids WHICH: root's ids inside the user namespace, if one was entered. WHICH: "both", or "uid" if an option chose the group. */
static void op_default_ids(struct start *s, const struct step *step)
{
    if (!s->entered_user)
        return;
    if (strcmp(step->arg[0], "both") == 0) {
        set_groups(s, 0, NULL);
        become_group(0);
    }
    become_user(0);
}

/* keep-caps: permitted capabilities survive exec(2) without root's uid, capabilities(7). keep-caps-inside: only in a user namespace that
 * was entered. */
static void op_keep_caps(struct start *s, const struct step *step)
{
    struct __user_cap_header_struct head;
    struct __user_cap_data_struct data[2];

    if (strcmp(step->op->word, "keep-caps-inside") == 0 && !s->entered_user)
        return;
    get_capabilities(&head, data);
    for (int i = 0; i < 2; i++)
        data[i].effective = data[i].inheritable = data[i].permitted;
    if (syscall(SYS_capset, &head, data) < 0)
        die("cannot keep the capabilities: %m");
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        if (permitted(data, capability) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
            die("cannot keep capability %d: %m", capability);
}

/* drop-caps: drops all of them; exec(2) of an ordinary program does not bring them back. */
static void op_drop_caps(struct start *s, const struct step *step)
{
    struct __user_cap_header_struct head;
    struct __user_cap_data_struct data[2];

    (void)s, (void)step;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    get_capabilities(&head, data);
    memset(data, 0, sizeof data);
    if (syscall(SYS_capset, &head, data) < 0)
        die("cannot drop the capabilities: %m");
    get_capabilities(&head, data);
    for (int i = 0; i < 2; i++)
        if ((data[i].effective | data[i].permitted | data[i].inheritable) != 0)
            die("cannot drop the capabilities: the kernel did not do it");
}

static void op_no_new_privs(struct start *s, const struct step *step)
{
    (void)s, (void)step;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        die("cannot give up new privileges: %m");
}

const struct op ops_ids[] = {
    { "drop-groups", "s", op_drop_groups },
    { "groups", "N", op_groups },
    { "gid", "n", op_gid },
    { "uid", "n", op_uid },
    { "gid-of", "s", op_gid_of },
    { "uid-of", "s", op_uid_of },
    { "default-ids", "t", op_default_ids },
    { "keep-caps", "", op_keep_caps },
    { "keep-caps-inside", "", op_keep_caps },
    { "drop-caps", "", op_drop_caps },
    { "no-new-privs", "", op_no_new_privs },
    { NULL, NULL, NULL },
};
