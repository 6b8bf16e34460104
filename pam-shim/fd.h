/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_FD_H
#define JNS_FD_H

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static inline void fd_close(int *fd)
{
    int saved = errno;

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = saved;
}

/* A login program may run with 0, 1 or 2 closed. What is kept for the whole session must not sit there: the program
 * would write its messages into it, or put a terminal in its place. */
static inline int fd_above_stdio(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    fd_close(&fd);
    return moved;
}

#endif
