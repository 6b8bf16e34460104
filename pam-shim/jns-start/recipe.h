/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_RECIPE_H
#define JNS_START_RECIPE_H

#include "ops.h"

/* The answer of the daemon or of the JVM: the steps to carry out, in order. It consists of strings, each ended by NUL: the word of an op,
 * then its arguments. */
struct recipe {
    struct step *steps;
    size_t count;
    char **words; /* the array that the steps' arguments point into */
};

/* NULL, or what is wrong with the text. It checks the whole text against the signatures before any step is carried out. TEXT must stay. */
const char *recipe_read(char *text, size_t size, const struct op *const *tables, struct recipe *out);
void recipe_free(struct recipe *recipe);

#endif
