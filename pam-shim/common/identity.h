/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_IDENTITY_H
#define JNS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { IDENTITY_MOST_GROUPS = 4096 };

/* Who runs a program. */
struct identity {
    uid_t uid;
    gid_t gid;
    size_t groups;
    gid_t group[IDENTITY_MOST_GROUPS];
};

/* UID:GID:GROUP,GROUP,... with at least one group, or "root". */
bool identity_read(const char *text, struct identity *ids);

/* Changes the ids for good: false unless all of it was done and could be verified. A user other than root gets no new privileges, unless it
 * GAINS those of setuid programs. */
bool identity_become(const struct identity *ids, bool gains);

#endif
