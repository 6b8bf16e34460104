/* SPDX-License-Identifier: Apache-2.0 */
/* Prepares a command that runs as another user than the caller. execve(2) keeps much of what the caller has; a login would have begun
 * without it. This file decides what jnsenter(1) lists under "WHAT THE COMMAND INHERITS". */
#include "apart.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "namespaces.h"
#include "own_proc.h"

enum { MASK = 022, SETUID_CLEARS = READ_IMPLIES_EXEC | ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT | MMAP_PAGE_ZERO };

bool any_user_namespace(const struct start *s, const struct step *step, size_t from)
{
    bool any = from == step->count;

    for (; from < step->count && !any; from++) {
        int fd = slot_get(s, step->arg[from]);

        any = fd >= 0 && namespace_type(fd) == CLONE_NEWUSER;
    }
    return any;
}

/* A priority that root has must not pass to the user. What makes the command slower stays. */
static void calm_down(void)
{
    const struct sched_param none = { .sched_priority = 0 };
    int policy = sched_getscheduler(0);
    long io = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);

    if (policy >= 0 && (policy & ~SCHED_RESET_ON_FORK) != SCHED_OTHER && policy != SCHED_BATCH && policy != SCHED_IDLE
        && sched_setscheduler(0, SCHED_OTHER, &none) < 0)
        die("cannot leave the caller's scheduling class: %m");
    errno = 0;
    if (getpriority(PRIO_PROCESS, 0) < 0 && errno == 0 && setpriority(PRIO_PROCESS, 0, 0) < 0)
        die("cannot leave the caller's priority: %m");
    if (io >= 0 && IOPRIO_PRIO_CLASS(io) == IOPRIO_CLASS_RT && syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, 0) < 0)
        die("cannot leave the caller's input and output priority: %m");
}

/* A value below 0 makes the kernel end other users' processes first. If the file cannot be read, in a /proc of another kind, the value
 * stays. */
static void be_mortal(struct start *s)
{
    char text[16] = "";
    int fd = own_proc_open(s, "oom_score_adj", O_RDWR);

    if (fd < 0)
        return;
    if (read(fd, text, sizeof text - 1) > 0 && *text == '-' && pwrite(fd, "0", 1, 0) != 1)
        die("cannot leave the caller's oom_score_adj: %m");
    close(fd);
}

/* apart COUNT SLOT...: the command runs as another user. With slots only if one of them holds a user namespace, which is entered. */
static void op_apart(struct start *s, const struct step *step)
{
    if (!any_user_namespace(s, step, 1))
        return;
    s->apart = true;
    umask(umask(MASK) | MASK);
    calm_down();
    be_mortal(s);
    /* The kernel does the same when a setuid program is run. */
    int persona = personality(0xffffffff);
    if (persona >= 0 && (persona & SETUID_CLEARS) != 0)
        personality((unsigned long)persona & ~(unsigned long)SETUID_CLEARS);
}

/* With the securebit no-setuid-fixup the capabilities would outlast the change of ids, and exec(2) hands on those that are ambient. */
static void drop_all_capabilities(void)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };

    if (syscall(SYS_capset, &head, none) < 0)
        die("cannot drop the capabilities: %m");
}

/* The caller's session keyring holds what the caller has unlocked. The new keyring links to the user keyring, as after a login. A kernel
 * without keys has nothing to hand on; a filter that denies the call denies it to the command, too. */
static void renew_keyring(void)
{
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0)
        syscall(SYS_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING);
    else if (errno != ENOSYS && errno != EPERM)
        die("cannot leave the caller's session keyring: %m");
}

void apart_finish(const struct start *s)
{
    if (!s->apart)
        return;
    if (!s->entered_user && geteuid() != 0)
        drop_all_capabilities();
    renew_keyring();
    if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0) < 0)
        die("cannot close the caller's descriptors: %m");
}

const struct op ops_apart[] = {
    { "apart", "S", op_apart },
    { NULL, NULL, NULL },
};
