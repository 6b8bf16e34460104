/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_RECIPE_H
#define JNS_START_RECIPE_H

#include "ops.h"

/* What the helper or our own JVM answers: the steps to be carried out, in order. Strings, each ended by NUL: the word of an op, then
 * its arguments. */
struct recipe {
    struct step *steps;
    size_t count;
    char **words; /* what the steps' arguments are part of */
};

/* NULL, or what is wrong with the text. All of it is held against the signatures before any of it is carried out. TEXT must stay. */
const char *recipe_read(char *text, size_t size, const struct op *const *tables, struct recipe *out);
void recipe_free(struct recipe *recipe);

#endif
