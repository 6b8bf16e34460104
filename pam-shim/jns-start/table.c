/* SPDX-License-Identifier: Apache-2.0 */
#include "ops.h"

/* A file with ops adds its table here. */
const struct op *const op_tables[] = { ops_apart, ops_open,   ops_enter, ops_fork,   ops_pty,     ops_place, ops_ids,
                                       ops_exec,  ops_spaces, ops_trust, ops_mounts, ops_service, NULL };
