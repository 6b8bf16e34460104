/* SPDX-License-Identifier: Apache-2.0 */
#include "signals.h"

#include <stddef.h>

void signals_remember(struct sigaction *child)
{
    sigaction(SIGCHLD, NULL, child);
}

/* The mask becomes empty, even if the process that started this one blocked signals: nobody inside could tell why a signal does not
 * arrive. */
void signals_restore(const struct sigaction *child)
{
    sigset_t none;

    sigaction(SIGCHLD, child, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
