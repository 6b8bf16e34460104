/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_OPS_H
#define JNS_START_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { MOST_SLOTS = 64, EXIT_OURS = 125, EXIT_NOT_RUN = 126, EXIT_NOT_FOUND = 127 };

/* What is known while a recipe is carried out. */
struct start {
    const char *program;    /* jnsenter or jnsrun: messages begin with it */
    int slot[MOST_SLOTS];   /* descriptors, -1 where there is none; all close-on-exec */
    char *cwd;              /* where it was started; NULL if that has no path */
    char *const *argv;      /* of the command */
    bool entered_user;      /* in another user namespace than at the start */
    bool dropped_groups;    /* there are none left of the caller's */
    bool entered_pid;       /* children are in another PID namespace */
    int kill_child;         /* the signal that the command gets when its parent dies; 0: none */
    int parent;             /* then the parent's pidfd */
    bool apart;             /* the command is somebody else's than the caller's */
};

/* One line of a recipe. Its arguments fit the op's signature. */
struct step {
    const struct op *op;
    size_t count;
    char *const *arg;
};

/* The letters of a signature, one for each argument:
 *   t  text                      n  number, from 0           i  number, may be negative
 *   s  slot                      o  slot, or "-" for none
 *   T  a count, and that many texts
 *   N  a count, and that many numbers                        S  a count, and that many slots
 * An op returns or dies; what it has opened is close-on-exec and above 2. */
struct op {
    const char *word;
    const char *signature;
    void (*run)(struct start *s, const struct step *step);
};

/* Each ends with a word of NULL. table.c lists them all. */
extern const struct op ops_apart[], ops_open[], ops_enter[], ops_child[], ops_pty[], ops_place[], ops_ids[], ops_exec[], ops_spaces[], ops_trust[], ops_mounts[], ops_service[];
extern const struct op *const op_tables[];

/* "PROGRAM: TEXT" on standard error. %m is errno's. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* The exit status where nothing was run: 125, or what the program has whose name this one was called by. */
int own_failure(void);

/* The same as complain, and ends with that status. */
_Noreturn __attribute__((format(printf, 1, 2))) void die(const char *format, ...);

unsigned long long step_number(const struct step *step, size_t at);
long long step_signed(const struct step *step, size_t at);

/* The slot's descriptor, or -1. */
int slot_get(const struct start *s, const char *number);
/* The same; dies if there is none. */
int slot_need(const struct start *s, const char *number);
/* Takes over FD; what was in the slot is closed. */
void slot_put(struct start *s, const char *number, int fd);

#endif
