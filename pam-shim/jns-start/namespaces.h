/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_NAMESPACES_H
#define JNS_START_NAMESPACES_H

#include <stdbool.h>

/* All namespace kinds, in the order in which they are entered: the user namespace first. NAME is the kernel's name in /proc/PID/ns, WORDS
 * is for messages. */
enum { NAMESPACE_KINDS = 8 };
struct namespace_kind {
    int type; /* CLONE_NEW... */
    const char *name, *words;
};
extern const struct namespace_kind namespace_kinds[NAMESPACE_KINDS];

/* CLONE_NEW... of an open namespace; 0 if FD is none. */
int namespace_type(int fd);
/* The same for a name in /proc/PID/ns; 0 if no kind has it. */
int namespace_of_name(const char *name);
const char *namespace_name(int type);

/* Whether this process is in that namespace. NAME as in /proc/PID/ns. */
bool is_own_namespace(int fd, const char *name);

#endif
