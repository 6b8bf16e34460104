/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_NAMESPACES_H
#define JNS_NAMESPACES_H

#include "fd.h"

enum { NAMESPACES_MOST = 7 };

/* The namespaces in the order in which the daemon sends them: the mount namespace first. */
struct namespaces {
    int fd[NAMESPACES_MOST];
    int count;
};

static inline void namespaces_close(struct namespaces *n)
{
    while (n->count > 0)
        fd_close(&n->fd[--n->count]);
}

#endif
