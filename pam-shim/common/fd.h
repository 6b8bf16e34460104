/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_FD_H
#define JNS_FD_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

static inline void fd_close(int *fd)
{
    int saved = errno;

    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = saved;
}

/* A login program may run with 0, 1 or 2 closed. A descriptor that is kept for the whole session must not have such a number: the program
 * would write its messages into it, or put a terminal in its place. */
static inline int fd_above_stdio(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    fd_close(&fd);
    return moved;
}

/* Opens /dev/null as 0, 1 and 2 if they are closed, so that no descriptor that is opened later is taken for one of them. The command finds
 * them closed again after execve(2). False if /dev/null cannot be opened. */
static inline bool fd_fill_standard(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Whether 0, 1 and 2 are open. If one is closed, the next descriptor that is made would get its number. */
static inline bool fd_has_standard(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            return false;
    return true;
}

#endif
