/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_PACK_H
#define JNS_START_PACK_H

#include <stddef.h>

/* Makes a file in memory with the command line, and with the environment variables that the other side needs. Its size goes to *SIZE. */
int pack(const char *program, char *const *arguments, size_t *size);

#endif
