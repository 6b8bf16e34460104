/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_OWN_PROC_H
#define JNS_START_OWN_PROC_H

#include "start.h"

/* Holds the folder /proc as it is, the first time it is called. */
void own_proc_hold(struct start *s);

/* A file below /proc/self of the /proc that is held, whatever the root has become; or -1. HOW: O_WRONLY or O_RDWR. */
int own_proc_open(struct start *s, const char *name, int how);

#endif
