/* SPDX-License-Identifier: Apache-2.0 */
#include "own_proc.h"

#include <fcntl.h>
#include <stdio.h>

void own_proc_hold(struct start *s)
{
    if (s->proc < 0)
        s->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int own_proc_open(struct start *s, const char *name, int how)
{
    char path[64];

    snprintf(path, sizeof path, "self/%s", name);
    own_proc_hold(s);
    return s->proc < 0 ? -1 : openat(s->proc, path, how | O_CLOEXEC | O_NOCTTY);
}
