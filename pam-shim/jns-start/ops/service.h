/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_SERVICE_H
#define JNS_START_SERVICE_H

#include "start.h"

/* What was started to serve the command goes with it: called by the process that waits for the command, when that has ended. */
void services_end(struct start *s);

#endif
