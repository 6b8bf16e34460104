/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_APART_H
#define JNS_START_APART_H

#include "ops.h"

/* Whether the step's list of slots, from that argument on, is empty or holds a user namespace. */
bool any_user_namespace(const struct start *s, const struct step *step, size_t from);

/* The last thing before the command is run: if it runs as another user, the rest of what belongs to the caller goes. */
void apart_finish(const struct start *s);

#endif
