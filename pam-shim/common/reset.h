/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_RESET_H
#define JNS_RESET_H

#include <stdbool.h>

/* What a program of the daemon's must not have of the daemon: a JVM, which somebody's su may have started. */
void reset_signals(void);
bool reset_limits(void);

#endif
