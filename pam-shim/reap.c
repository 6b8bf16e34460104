/* SPDX-License-Identifier: Apache-2.0 */
#include "reap.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"
#include "fd.h"

enum { KILL_MS = 100, LOOK_MS = 5 };

/* Without a pidfd, for which there may be no descriptor, it looks again and again. */
static bool has_ended(pid_t child, int pidfd, int ms, int *status)
{
    struct pollfd p = { .fd = pidfd, .events = POLLIN };
    struct timespec until = deadline_after_ms(ms);

    for (;;) {
        int left = deadline_left_ms(&until);

        if (waitpid(child, status, __WALL | WNOHANG) == child)
            return true;
        if (left == 0)
            return false;
        poll(&p, 1, pidfd < 0 && left > LOOK_MS ? LOOK_MS : left);
    }
}

bool reap(pid_t child, int ms, int *status)
{
    int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    bool ended = has_ended(child, pidfd, ms, status);

    if (!ended) {
        kill(child, SIGKILL);
        has_ended(child, pidfd, KILL_MS, status);
    }
    fd_close(&pidfd);
    return ended;
}
