/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_FOLDER_H
#define JNS_FOLDER_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

/* The caller's working folder, which it keeps in a view only if the view shows the very same folder under the same path. Who
 * has the view may have put a link or another folder there, and root would go through it. */
struct folder {
    int fd; /* holds it, so that nothing else gets its number; -1: there is none to keep */
    uint32_t major, minor;
    uint64_t inode;
    char path[PATH_MAX];
};

/* Before the view is entered. There is none where the folder's file system is a program's or server's that anybody may run, such as FUSE,
 * or does not answer within half a second or before DEADLINE. */
void folder_remember(struct folder *f, const struct timespec *deadline);

/* Behind setns(2), which has put the caller into the root of the view: back into the folder, or nothing. Waits for no file system. */
void folder_return(struct folder *f);

#endif
