/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a recipe: a command, or text. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "apart.h"
#include "signals.h"

#define JOIN "/usr/lib/jns/jns-join"

/* argv COUNT ARGUMENT...: the first one is the name that the command gets as argv[0]. */
static void op_argv(struct start *s, const struct step *step)
{
    size_t count = step->count - 1;
    char **argv = calloc(count + 1, sizeof *argv);

    if (argv == NULL)
        die("cannot run the command: %m");
    memcpy(argv, step->arg + 1, count * sizeof *argv);
    s->argv = argv;
}

/* Now, because a change of ids would have cleared it, prctl(2); and the parent may have ended before. */
static void tie_to_parent(const struct start *s)
{
    struct pollfd parent = { .fd = s->parent, .events = POLLIN };

    if (s->kill_child == 0)
        return;
    if (prctl(PR_SET_PDEATHSIG, s->kill_child, 0, 0, 0) < 0)
        die("cannot tie the command to its parent: %m");
    if (poll(&parent, 1, 0) > 0)
        raise(s->kill_child);
}

/* exec FILE: as execvp(3). The exit status of a failure is the one that shells use. */
static void op_exec(struct start *s, const struct step *step)
{
    if (s->argv == NULL || s->argv[0] == NULL)
        die("cannot use the answer: it has no command");
    tie_to_parent(s);
    signals_restore(&s->child_action);
    apart_finish(s);
    execvp(step->arg[0], s->argv);
    int error = errno;
    complain("cannot run %s: %m", step->arg[0]);
    exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN);
}

/* join KIND NAME FILE: the command runs in a view that belongs to the caller. Another program, which has the necessary capabilities, asks
 * for the view and enters it. */
static void op_join(struct start *s, const struct step *step)
{
    size_t count = 0;

    while (s->argv != NULL && s->argv[count] != NULL)
        count++;
    char **argv = calloc(count + 5, sizeof *argv);
    if (argv == NULL || count == 0)
        die("cannot run the command: %m");
    argv[0] = (char[]){ "jns-join" };
    memcpy(argv + 1, step->arg, 3 * sizeof *argv);
    memcpy(argv + 4, s->argv, count * sizeof *argv);
    signals_restore(&s->child_action);
    execv(JOIN, argv);
    die("cannot run " JOIN ": %m; install jns again");
}

static void print(FILE *to, const char *text)
{
    if (fputs(text, to) == EOF || fflush(to) == EOF)
        die("cannot write: %m");
}

static void op_print(struct start *s, const struct step *step)
{
    (void)s;
    print(stdout, step->arg[0]);
}

static void op_say(struct start *s, const struct step *step)
{
    (void)s;
    print(stderr, step->arg[0]);
}

static void op_exit(struct start *s, const struct step *step)
{
    int status = (int)(step_number(step, 0) & 0xff);

    (void)s;
    exit(status == EXIT_OURS ? own_failure() : status);
}

const struct op ops_exec[] = {
    { "argv", "T", op_argv },   /* COUNT ARGUMENT... */
    { "exec", "t", op_exec },   /* FILE */
    { "join", "ttt", op_join }, /* KIND NAME FILE */
    { "print", "t", op_print }, /* TEXT, on standard output */
    { "say", "t", op_say },     /* TEXT, on standard error */
    { "exit", "n", op_exit },   /* STATUS */
    { NULL, NULL, NULL },
};
