// SPDX-License-Identifier: Apache-2.0
//
// One login, or one command, in a child of its own: timed, and proved to be isolated.

#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { MAX_USERS = 16, MAX_WORDS = 16 };

/* What all logins of a run share. */
struct setting {
    const char *services;         /* folder of the PAM service files */
    const char *users[MAX_USERS];
    unsigned user_count;
    bool close;                   /* close the session before the child exits */
};

/* What one login came to; in shared memory, for the child fills it. */
struct outcome {
    bool ok;
    int64_t ns;
    ino_t view;                   /* the mount namespace that it ended in */
    char problem[256];
};

/* Puts a mark into the caller's /tmp, which no login may see. Returns what went wrong, or NULL. */
const char *session_mark_host(void);
void session_unmark_host(void);

/* Logs a user in through a PAM service. The time is that of pam_start and pam_open_session. */
void session_login(const struct setting *setting, const char *service, unsigned user, struct outcome *outcome);

/* Logs a user in like that, in a child that keeps the session until the pipe `end` is closed. Returns when it is open, or has failed; the child's
 * pid, or -1. */
pid_t session_hold(const struct setting *setting, const char *service, unsigned user, const int end[2], struct outcome *outcome);

/* Runs a command. The time is from before the fork until it has ended. */
void session_command(const char *const *words, struct outcome *outcome);

int64_t now_ns(void);

#endif
