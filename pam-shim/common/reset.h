/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_RESET_H
#define JNS_RESET_H

#include <stdbool.h>

/* What a new program must not inherit: jnsd --once from a login program, and the programs that the daemon starts from the daemon, which is a
 * JVM, and which a user's su may have started. */
void reset_signals(void);
bool reset_limits(void);

#endif
