/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_OPS_H
#define JNS_START_OPS_H

#include <stddef.h>

#include "say.h"
#include "slots.h"

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

/* The ops of each file; the last row has the word NULL. table.c lists all tables. */
extern const struct op ops_apart[], ops_open[], ops_enter[], ops_fork[], ops_pty[], ops_place[], ops_ids[], ops_exec[], ops_spaces[],
    ops_trust[], ops_mounts[], ops_service[];
extern const struct op *const op_tables[];

unsigned long long step_number(const struct step *step, size_t at);
long long step_signed(const struct step *step, size_t at);

#endif
