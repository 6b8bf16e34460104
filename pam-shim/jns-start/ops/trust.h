/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_TRUST_H
#define JNS_START_TRUST_H

#include "ops.h"

/* Puts the id that FIELD, "Uid:" or "Gid:", of the process has into *ID, as the present user namespace shows it. False if real, effective,
 * saved and file system id are not all the same: then it is a setuid program, and its user chooses the next id. Dies if the id cannot be
 * read. */
bool process_id(int folder, const char *field, unsigned *id);

/* Dies if another user than the one who runs the command could have chosen the environment of the process. WHO: "any" if that does not
 * matter, "caller", "default" for root in a user namespace that was entered and otherwise the caller, or a number. */
void trust_environment(const struct start *s, int folder, const char *who);

#endif
