/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_SERVICE_H
#define JNS_START_SERVICE_H

#include "start.h"

/* Ends the programs that serve the command. The process that waits for the command calls this when the command has ended. */
void services_end(struct start *s);

#endif
