/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_ARGS_H
#define JNS_ARGS_H

#include <stdbool.h>

/* The options of one line in /etc/pam.d. The strings belong to libpam. */
struct options {
    const char *socket;
    const char *once; /* NULL: off */
    unsigned timeout; /* seconds */
    bool debug;
    bool allow_on_error;
};

struct options args_defaults(void);

/* Takes one option. NULL when it was understood, otherwise what was expected. */
const char *args_take(struct options *o, const char *arg);

#endif
