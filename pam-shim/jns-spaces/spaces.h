/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_SPACES_H
#define JNS_SPACES_H

#include <stdbool.h>

/* What jns-spaces is started with: PROC and CGROUPS are folders of the host's, whatever the view has in their place. */
enum { PROC = 0, REPORT = 1, CGROUPS = 2, FIRST_FOREIGN = 3 };

/* A cgroup namespace whose root is the cgroup of process LEADER, where it can be had, else this process's own. False with
 * errno when there is none. */
bool spaces_unshare_cgroup(const char *leader);

#endif
