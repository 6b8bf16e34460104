/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_APART_H
#define JNS_APART_H

#include <stdbool.h>

/* Whoever called su decides in which cgroups it runs, how fast, on which processors and within which limits, and may stop it all at
 * any moment. A daemon that runs as root takes nothing of that along, because others wait for its locks; except the limit of processes,
 * for what the daemon runs as the user. Makes system calls only, and so may be called in a child of a program that has threads. False
 * when a limit stays that would cut short what the daemon writes. IN_CGROUP: it could not leave its caller's cgroup. */
bool apart_from_caller(bool *in_cgroup);

#endif
