/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_APART_H
#define JNS_APART_H

#include <stdbool.h>

/* The user who called su decides in which cgroups it runs, how fast, on which processors and within which limits, and may stop all of it at
 * any moment. A daemon that runs as root keeps none of that, because others wait for its locks. It keeps only the limit of processes, for
 * what it runs as the user. This function makes system calls only, so a child of a program with threads may call it. False if a limit stays
 * that would cut short what the daemon writes. IN_CGROUP: it could not leave its caller's cgroup. */
bool apart_from_caller(bool *in_cgroup);

#endif
