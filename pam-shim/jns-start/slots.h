/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_SLOTS_H
#define JNS_START_SLOTS_H

#include "start.h"

/* The slot's descriptor, or -1. */
int slot_get(const struct start *s, const char *number);
/* The same; dies if there is none. */
int slot_need(const struct start *s, const char *number);
/* Takes over FD, and closes what was in the slot. */
void slot_put(struct start *s, const char *number, int fd);

#endif
