/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_ENTER_H
#define JNS_ENTER_H

#include <security/pam_modules.h>
#include <stdbool.h>
#include <time.h>

#include "namespaces.h"
#include "trouble.h"

enum check { CHECK_GOOD, CHECK_FAILED, CHECK_HOSTILE };

bool enter_is_main_thread(void);

/* Are they a mount namespace, and at most one of each other kind, that belong to the caller's own user namespace? */
enum check enter_check(const struct namespaces *n, struct trouble *t);

/* Is the mount namespace FD the one that the caller is in? 1, 0, or -1 with *T. Entering it again would take the caller out
 * of a chroot(2). */
int enter_is_here(int fd, struct trouble *t);

/* Moves the caller into all of them and closes them. The caller goes back to its working folder if the view shows the same folder,
 * otherwise to "/". Only the caller's next children are in a PID namespace. DEADLINE is for the file system of the working folder. -1 with
 * *T if the caller was not moved: it is where it was, or *T says where it could not go back. After a move no log, no look-up and nothing
 * else that opens a file may follow, because any file may be the user's by then. */
int enter_namespaces(pam_handle_t *pamh, struct namespaces *n, const struct timespec *deadline, struct trouble *t);

#endif
