/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_OWN_PROC_H
#define JNS_START_OWN_PROC_H

#include "start.h"

/* Opens and keeps the folder /proc, the first time it is called. */
void own_proc_hold(struct start *s);

/* Opens a file below /proc/self in the /proc that is held, whatever the root is by now; or -1. HOW: O_WRONLY or O_RDWR. */
int own_proc_open(struct start *s, const char *name, int how);

#endif
