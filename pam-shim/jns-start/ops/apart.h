/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_APART_H
#define JNS_START_APART_H

#include "ops.h"

/* Whether the step's list of slots, from that argument on, is empty or has a user namespace in one of them. */
bool any_user_namespace(const struct start *s, const struct step *step, size_t from);

/* The last thing before the command is run: if it is somebody else's, what is left of the caller's goes. */
void apart_finish(const struct start *s);

#endif
