/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_ENTER_H
#define JNS_ENTER_H

#include <security/pam_modules.h>
#include <stdbool.h>

#include "trouble.h"

enum check { CHECK_GOOD, CHECK_FAILED, CHECK_HOSTILE };

bool enter_is_main_thread(void);

/* Is FD a mount namespace that belongs to the caller's own user namespace? */
enum check enter_check(int fd, struct trouble *t);

/* Is the mount namespace FD the one that the caller is in? 1, 0, or -1 with *T. Entering it again would take the caller out
 * of a chroot(2). */
int enter_is_here(int fd, struct trouble *t);

/* Moves the caller into the mount namespace FD and back to its working directory, or to "/" where that does not
 * exist there; closes FD. -1 with *T when the caller was not moved. When it was: no log, no look-up, nothing that
 * opens a file may follow, for any file may be the user's by then. */
int enter_namespace(pam_handle_t *pamh, int fd, struct trouble *t);

#endif
