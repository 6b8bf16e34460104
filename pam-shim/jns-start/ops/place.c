/* SPDX-License-Identifier: Apache-2.0 */
/* Root, working folder, cgroup and environment of the command. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "trust.h"

/* root SLOT: the working folder stays, even if it is outside. */
static void op_root(struct start *s, const struct step *step)
{
    int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (fchdir(slot_need(s, step->arg[0])) < 0 || chroot(".") < 0)
        die("cannot change the root: %m");
    if (here < 0 || fchdir(here) < 0)
        die("cannot go back to the working folder: %m");
    close(here);
}

/* wd SLOT */
static void op_wd(struct start *s, const struct step *step)
{
    if (fchdir(slot_need(s, step->arg[0])) < 0)
        die("cannot change the working folder: %m");
}

/* wd-in PATH: the path inside the new namespaces. By then the ids of the command are set, so that no other user's rights lead through
 * links. */
static void op_wd_in(struct start *s, const struct step *step)
{
    (void)s;
    if (chdir(step->arg[0]) < 0)
        die("cannot change the working folder to %s: %m", step->arg[0]);
}

/* wd-try PATH: the same; if that fails, the working folder is the root, as after a login. */
static void op_wd_try(struct start *s, const struct step *step)
{
    (void)s;
    if (chdir(step->arg[0]) < 0 && chdir("/") < 0)
        die("cannot change the working folder to /: %m");
}

/* A path that the kernel reports has no links; a path with links inside leads to another folder. */
static bool stay(const char *path)
{
    struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
    int fd = path == NULL || *path != '/' ? -1 : (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    bool stays = fd >= 0 && fchdir(fd) == 0;

    if (fd >= 0)
        close(fd);
    return stays;
}

/* wd-stay: the folder inside that has the path of the present working folder; or the root. */
static void op_wd_stay(struct start *s, const struct step *step)
{
    (void)step;
    if (!stay(s->cwd) && chdir("/") < 0)
        die("cannot change the working folder to /: %m");
}

/* cgroup SLOT: joins the cgroup whose file cgroup-of has opened. */
static void op_cgroup(struct start *s, const struct step *step)
{
    if (write(slot_need(s, step->arg[0]), "0", 1) != 1)
        die("cannot join the cgroup: %m");
    slot_put(s, step->arg[0], -1);
}

static void op_env_clear(struct start *s, const struct step *step)
{
    (void)s, (void)step;
    if (clearenv() != 0)
        die("cannot clear the environment: %m");
}

/* env NAME=VALUE */
static void op_env(struct start *s, const struct step *step)
{
    (void)s;
    if (strchr(step->arg[0], '=') == NULL || putenv(step->arg[0]) != 0)
        die("cannot set %s: it is no NAME=VALUE", step->arg[0]);
}

/* environ SLOT WHO: replaces the environment by the one that the process of that folder in /proc was started with. WHO as with
 * trust_environment. */
static void op_environ(struct start *s, const struct step *step)
{
    int folder = slot_need(s, step->arg[0]);
    /* Checks before and after the open, which fixes the memory that is read: until the process became what it is now, it could have had
     * another owner. */
    trust_environment(s, folder, step->arg[1]);
    int fd = openat(folder, "environ", O_RDONLY | O_CLOEXEC);
    size_t size = 0, room = 1 << 16;
    char *text = malloc(room);
    ssize_t n = -1;

    if (fd < 0)
        die("cannot read the environment of the process: %m");
    trust_environment(s, folder, step->arg[1]);
    while (text != NULL && (n = read(fd, text + size, room - size - 1)) > 0) {
        size += (size_t)n;
        if (room - size < 2)
            text = realloc(text, room *= 2);
    }
    if (text == NULL || n < 0)
        die("cannot read the environment of the process: %m");
    close(fd);
    text[size] = '\0';
    clearenv();
    for (size_t at = 0; at < size; at += strlen(text + at) + 1)
        /* The process may have overwritten it: strings that are no variables are left out. */
        if (strchr(text + at, '=') != NULL && putenv(text + at) != 0)
            die("cannot set the environment: %m");
}

/* exec-context DIR: the command runs in the SELinux context of the process. Does nothing without SELinux. */
static void op_exec_context(struct start *s, const struct step *step)
{
    char context[4096];

    if (access("/sys/fs/selinux/enforce", F_OK) < 0)
        return;
    int from = openat(slot_need(s, step->arg[0]), "attr/current", O_RDONLY | O_CLOEXEC);
    ssize_t n = from < 0 ? -1 : read(from, context, sizeof context);
    int to = open("/proc/thread-self/attr/exec", O_WRONLY | O_CLOEXEC);
    if (n <= 0 || to < 0 || write(to, context, (size_t)n) != n)
        die("cannot follow the SELinux context of the process: %m");
    close(from);
    close(to);
}

const struct op ops_place[] = {
    { "root", "s", op_root },
    { "wd", "s", op_wd },
    { "wd-in", "t", op_wd_in },
    { "wd-try", "t", op_wd_try },
    { "wd-stay", "", op_wd_stay },
    { "cgroup", "s", op_cgroup },
    { "env-clear", "", op_env_clear },
    { "env", "t", op_env },
    { "environ", "st", op_environ },
    { "exec-context", "s", op_exec_context },
    { NULL, NULL, NULL },
};
