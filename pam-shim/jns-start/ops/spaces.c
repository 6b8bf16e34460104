/* SPDX-License-Identifier: Apache-2.0 */
/* New namespaces, and what is set up in them except mounts. */
#include "helper.h"
#include "ops.h"
#include "own_proc.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* Why a namespace cannot be made, as far as errno tells. */
static const char *advice(unsigned long flags, int error)
{
    if (error == ENOSPC)
        return "; there are as many as the limits in /proc/sys/user allow, or they are nested too deeply";
    if (error == EINVAL)
        return "; the kernel has no such namespaces, see namespaces(7)";
    if (error != EPERM)
        return "";
    if ((flags & CLONE_NEWUSER) == 0)
        return "; that is root's, or with -U or -r anybody's";
    return "; ordinary users may make no user namespaces here, see kernel.unprivileged_userns_clone, user.max_user_namespaces and "
           "kernel.apparmor_restrict_unprivileged_userns in sysctl(8); in a chroot nobody may";
}

static void op_unshare(struct start *s, const struct step *step)
{
    unsigned long flags = (unsigned long)step_number(step, 0);

    own_proc_hold(s);
    /* An ignored SIGCHLD would let the kernel reap the children that this process waits for. */
    if (unshare((int)flags) < 0) {
        int error = errno;

        die("cannot make %s: %s%s", (flags & CLONE_NEWUSER) != 0 ? "a user namespace" : "namespaces", strerror(error),
            advice(flags, error));
    }
    if ((flags & CLONE_NEWPID) != 0)
        s->entered_pid = s->new_pid = true;
}

static void write_own(struct start *s, const char *name, const char *text)
{
    int fd = own_proc_open(s, name, O_WRONLY);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        die("cannot write '%.*s' to /proc/self/%s: %m", (int)strcspn(text, "\n"), text, name);
    close(fd);
}

/* Denies setgroups first: without that, only a process with CAP_SETGID outside may write the groups, user_namespaces(7). */
static void op_map_self(struct start *s, const struct step *step)
{
    if (step->arg[0][0] != '\0')
        write_own(s, "uid_map", step->arg[0]);
    if (step->arg[1][0] != '\0') {
        write_own(s, "setgroups", "deny");
        write_own(s, "gid_map", step->arg[1]);
    }
}

static void op_setgroups(struct start *s, const struct step *step)
{
    write_own(s, "setgroups", step->arg[0]);
}

static void op_time_offset(struct start *s, const struct step *step)
{
    char text[64];

    snprintf(text, sizeof text, "%llu %lld 0", step_number(step, 0), step_signed(step, 1));
    write_own(s, "timens_offsets", text);
}

static void op_hostname(struct start *s, const struct step *step)
{
    (void)s;
    if (sethostname(step->arg[0], strlen(step->arg[0])) < 0)
        die("cannot set the host name %s: %m", step->arg[0]);
}

static void op_propagation(struct start *s, const struct step *step)
{
    (void)s;
    if (mount("none", "/", NULL, (unsigned long)step_number(step, 0), NULL) < 0)
        die("cannot change how mounts propagate: %m");
}

static void write_map(pid_t of, const char *name, const char *text)
{
    char path[64];

    if (text[0] == '\0')
        return;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)of, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        die("cannot write %s: %m; see user_namespaces(7) for what may be written", path);
    close(fd);
}

/* Runs newuidmap(1) or newgidmap(1), which have the rights that an ordinary user lacks. */
static void run_mapper(const char *program, pid_t of, const char *map)
{
    size_t count = 0;
    int status;

    if (map[0] == '\0')
        return;
    char number[16], *text = strdup(map), *next = text, *word;
    char **arguments = calloc(strlen(map) / 2 + 4, sizeof *arguments);
    if (text == NULL || arguments == NULL)
        die("cannot write the map: %m");
    snprintf(number, sizeof number, "%d", (int)of);
    arguments[count++] = (char *)(size_t)program;
    arguments[count++] = number;
    while ((word = strsep(&next, " \n")) != NULL)
        if (*word != '\0')
            arguments[count++] = word;
    pid_t child = fork();
    if (child < 0)
        die("cannot start a process: %m");
    if (child == 0) {
        execvp(program, arguments);
        die("cannot start %s: %m; install it (on Debian uidmap, elsewhere shadow-utils)", program);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            die("cannot wait for %s: %m", program);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        exit(own_failure());
    free(text);
    free(arguments);
}

static void write_maps(const void *what, pid_t of)
{
    const struct step *step = what;

    if (strcmp(step->arg[0], "direct") == 0) {
        write_map(of, "uid_map", step->arg[1]);
        write_map(of, "gid_map", step->arg[2]);
    } else {
        run_mapper("newuidmap", of, step->arg[1]);
        run_mapper("newgidmap", of, step->arg[2]);
    }
}

static void op_mapper(struct start *s, const struct step *step)
{
    helper_start(&s->mapper, write_maps, step);
}

static void op_mapped(struct start *s, const struct step *step)
{
    (void)step;
    helper_tell(&s->mapper);
}

/* KIND PATH KIND PATH...: binds namespaces to files, in the caller's mount namespace. */
static void bind_namespaces(const void *what, pid_t of)
{
    const struct step *step = what;
    char from[64];

    for (size_t i = 1; i + 1 < step->count; i += 2) {
        snprintf(from, sizeof from, "/proc/%d/ns/%s", (int)of, step->arg[i]);
        if (mount(from, step->arg[i + 1], NULL, MS_BIND, NULL) < 0)
            die("cannot keep %s on %s: %m%s", step->arg[i], step->arg[i + 1],
                errno == EINVAL       ? "; it must not be on a mount that is shared"
                    : errno == ENOENT ? "; the file must be there, and a PID namespace needs -f"
                                      : "");
    }
}

static void op_keeper(struct start *s, const struct step *step)
{
    helper_start(&s->keeper, bind_namespaces, step);
}

static void op_kept(struct start *s, const struct step *step)
{
    (void)step;
    helper_tell(&s->keeper);
}

/* The arguments follow each op. Maps are as the kernel reads them; none is empty. */
const struct op ops_spaces[] = {
    { "unshare", "n", op_unshare },          /* FLAGS */
    { "map-self", "tt", op_map_self },       /* UIDS GIDS */
    { "setgroups", "t", op_setgroups },      /* WORD */
    { "mapper", "ttt", op_mapper },          /* HOW UIDS GIDS */
    { "mapped", "", op_mapped },             /* after mapper */
    { "keeper", "T", op_keeper },            /* COUNT (KIND PATH)... */
    { "kept", "", op_kept },                 /* after keeper */
    { "time-offset", "ni", op_time_offset }, /* CLOCK SECONDS */
    { "hostname", "t", op_hostname },        /* NAME */
    { "propagation", "n", op_propagation },  /* FLAGS */
    { NULL, NULL, NULL },
};
