/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_SIGNALS_H
#define JNS_SIGNALS_H

#include <signal.h>

/* The action of SIGCHLD, which this process changes for itself and restores for the command. The first function is called once at the
 * start, the second in the process of the command. */
void signals_remember(struct sigaction *child);
void signals_restore(const struct sigaction *child);

#endif
