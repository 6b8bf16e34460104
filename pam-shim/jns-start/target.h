/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_TARGET_H
#define JNS_START_TARGET_H

#include "start.h"

/* A handle (O_PATH) of where something is to be put: below the new root, if there is one by now. */
int target_open(struct start *s, const char *path);
/* Dies if the target is the root: WHAT cannot be done there. */
void target_refuse_root(const struct start *s, int onto, const char *path, const char *what);
/* Dies if PATH begins at the working folder, and its path leads nowhere any more. */
void target_refuse_if_lost(const struct start *s, const char *path);

/* Where FD, which PATH led to, is read-only, and only by what was mounted since the first target: the same file without that. FD
 * otherwise. */
int target_before_mounts(const struct start *s, const char *path, int fd);

/* After each mount, which may have covered the root or the working folder. */
void target_look_again(struct start *s);

#endif
