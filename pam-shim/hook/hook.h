/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_HOOK_H
#define JNS_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { HOOK_MOST_GROUPS = 4096 };

/* Who runs the program. */
struct hook_ids {
    uid_t uid;
    gid_t gid;
    size_t groups;
    gid_t group[HOOK_MOST_GROUPS];
};

/* UID:GID:GROUP,GROUP,... with at least one group, or "root". */
bool hook_read_ids(const char *text, struct hook_ids *ids);

/* For good: false unless all of it was done, and can be seen to be. Another than root gets no new privileges, unless it GAINS those
 * of setuid programs. */
bool hook_become(const struct hook_ids *ids, bool gains);

/* What a program of the helper's must not have of the helper: a JVM, which somebody's su may have started. */
void hook_reset_signals(void);
bool hook_reset_limits(void);

/* A handle (O_PATH) of the program, which root alone can change, along the whole way to it; or -1 with the reason. */
int hook_open(const char *path, char *why, size_t size);

#endif
