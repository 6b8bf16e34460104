/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_PATIENCE_H
#define JNS_PATIENCE_H

#include <security/pam_modules.h>
#include <stdbool.h>
#include <time.h>

/* How long one login waits if something does not answer: uid 0 until SOON, everybody else until DEADLINE. */
struct patience {
    struct timespec soon, deadline;
    pam_handle_t *pamh;
    const char *user;
    bool decided; /* which of the two it is */
};

/* SECONDS in all; soon is a second, or half of them if that is less. */
struct patience patience_begin(pam_handle_t *pamh, const char *user, unsigned seconds);

/* Asked when SOON is over: may this login wait longer? Only then is the user looked up, because a directory service may hang, too. */
bool patience_lasts(struct patience *p);

/* For "root" it asks no directory service. */
bool patience_is_root(pam_handle_t *pamh, const char *user);

#endif
