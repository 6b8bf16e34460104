/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_PACK_H
#define JNS_START_PACK_H

#include <stddef.h>

/* A file in memory with the command line, and what the other side needs of the environment. Its size goes to *SIZE. */
int pack(const char *program, char *const *arguments, size_t *size);

#endif
