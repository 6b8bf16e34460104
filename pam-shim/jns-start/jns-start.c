/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/60-two-programs.md */
/* jnsenter and jnsrun, the part that cannot be written in Java, because a JVM has threads and starts slowly. It hands its command line to
 * the daemon or to a JVM that it starts, receives a recipe, and carries that out. It understands no argument, looks up no name and has only
 * its caller's rights: this program opens paths, as the caller sees them, and the daemon never does. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ask.h"
#include "fd.h"
#include "pack.h"
#include "recipe.h"
#include "signals.h"

enum { MOST_FOR_DAEMON = 1 << 20, MOST_RECIPE = 1 << 24 };

/* Makes a copy, because the sender may still write to the file. */
static char *read_whole(int fd, size_t *size)
{
    struct stat st;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > MOST_RECIPE)
        die("cannot use the answer: the size of its recipe is invalid");
    *size = (size_t)st.st_size;
    char *text = malloc(*size);
    for (size_t at = 0; text != NULL && at < *size;) {
        ssize_t n = pread(fd, text + at, *size - at, (off_t)at);

        if (n <= 0)
            die("cannot use the answer: its recipe cannot be read: %m");
        at += (size_t)n;
    }
    if (text == NULL)
        die("cannot use the answer: %m");
    return text;
}

/* By system call: if the folder is out of reach, getcwd(3) would go up through the folders around it, and ask their file systems. */
static char *working_folder(void)
{
    static char path[PATH_MAX];

    return syscall(SYS_getcwd, path, sizeof path) > 0 && path[0] == '/' ? path : NULL;
}

static void carry_out(struct start *s, const struct answer *a)
{
    struct recipe recipe;
    size_t size;
    char *text = read_whole(a->fd[0], &size);
    const char *problem = recipe_read(text, size, op_tables, &recipe);

    if (problem != NULL)
        die("cannot use the answer: %s", problem);
    close(a->fd[0]);
    for (size_t i = 0; i < MOST_SLOTS; i++)
        s->slot[i] = i + 1 < a->fds ? a->fd[i + 1] : -1;
    for (size_t i = 0; i < recipe.count; i++)
        recipe.steps[i].op->run(s, &recipe.steps[i]);
    die("cannot use the answer: it does not end in a command");
}

/* The names under which it may be called, and the program that it is then. Under a name of util-linux it does only what that program does,
 * and fails with its status. */
static const struct name {
    const char *called, *is;
    int failure;
} names[] = {
    { "jnsenter", "jnsenter", EXIT_OURS },
    { "jnsrun", "jnsrun", EXIT_OURS },
    { "nsenter", "jnsenter", 1 },
    { "unshare", "jnsrun", 1 },
};

/* Returns a name of the table and not the caller's string, which the caller may change. */
static const struct name *choose_program(int argc, char **argv)
{
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL, *called = slash != NULL ? slash + 1 : argc > 0 ? argv[0] : "";

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(called, names[i].called) == 0) {
            say_as(names[i].called, names[i].failure);
            return &names[i];
        }
    die("cannot tell what to do: it is called '%s'; call it jnsenter, jnsrun, nsenter or unshare", called);
}

int main(int argc, char **argv)
{
    struct start s = { .parent = -1, .proc = -1, .base = -1, .first_root = -1, .first_folder = -1, .cwd = working_folder() };
    struct answer a = { .fds = 0 };
    size_t size;

    fd_fill_standard();
    signals_remember(&s.child_action);
    const struct name *name = choose_program(argc, argv);
    int command_line = pack(name->called, argv + (argc > 0), &size);
    bool daemon = strcmp(name->is, "jnsenter") == 0 && geteuid() == 0 && getuid() == 0 && size <= MOST_FOR_DAEMON;
    if (!daemon || !ask_daemon(command_line, &a))
        ask_jvm(name->is, command_line, &a);
    close(command_line);
    if (a.fds == 0)
        die("%s", a.text);
    carry_out(&s, &a);
}
