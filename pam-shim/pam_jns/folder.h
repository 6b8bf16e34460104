/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_FOLDER_H
#define JNS_FOLDER_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

/* The caller's working folder. The caller keeps it in a view only if the view shows the very same folder under the same path: the user of
 * the view may have put a link or another folder there, and root would follow it. */
struct folder {
    int fd; /* keeps the folder open, so that nothing else gets its number; -1: there is none to keep */
    uint32_t major, minor;
    uint64_t inode;
    char path[PATH_MAX];
};

/* Called before the view is entered. There is no folder to keep if its file system belongs to a program or server that anybody may run,
 * such as FUSE, or does not answer within half a second or before DEADLINE. */
void folder_remember(struct folder *f, const struct timespec *deadline);

/* Called after setns(2), which has put the caller into the root of the view: goes back into the folder, or does nothing. Waits for no file
 * system. */
void folder_return(struct folder *f);

#endif
