/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_RESET_H
#define JNS_RESET_H

#include <stdbool.h>

/* What a program that the daemon starts must not inherit from the daemon, which is a JVM, and which a user's su may have started. */
void reset_signals(void);
bool reset_limits(void);

#endif
