/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_WALK_H
#define JNS_WALK_H

#include <stddef.h>

/* A handle (O_PATH) of the program. Only root can change the program and each folder on the way to it; or -1 with the reason. */
int walk_to_program(const char *path, char *why, size_t size);

#endif
