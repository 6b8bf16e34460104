/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_SIGNALS_H
#define JNS_SIGNALS_H

#include <signal.h>

/* What is changed for our own sake, and undone for the command: SIGCHLD's action, as it was at the start. Called once at the start, and in
 * the command's process. */
void signals_remember(struct sigaction *child);
void signals_restore(const struct sigaction *child);

#endif
