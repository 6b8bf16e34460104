/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_TARGET_H
#define JNS_START_TARGET_H

#include "start.h"

/* A handle (O_PATH) of the target: below the new root, if there is one by now. */
int target_open(struct start *s, const char *path);
/* Dies if the target is the root, on which WHAT cannot be done. */
void target_refuse_root(const struct start *s, int onto, const char *path, const char *what);
/* Dies if PATH starts at the working folder, and the path of that leads nowhere any more. */
void target_refuse_if_lost(const struct start *s, const char *path);

/* If FD, which PATH led to, is read-only, and only a mount since the first target makes it so: the same file without that mount. FD
 * otherwise. */
int target_before_mounts(const struct start *s, const char *path, int fd);

/* Called after each mount, which may have covered the root or the working folder. */
void target_look_again(struct start *s);

#endif
