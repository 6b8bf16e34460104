/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_SPACES_H
#define JNS_SPACES_H

#include <stdbool.h>

/* The descriptors that jns-spaces starts with. PROC and CGROUPS are folders of the host, whatever the view shows in their place. */
enum { PROC = 0, REPORT = 1, CGROUPS = 2, FIRST_FOREIGN = 3 };

/* Makes a cgroup namespace whose root is the cgroup of process LEADER, or the cgroup of this process if that is not possible. False with
 * errno if there is none. */
bool spaces_unshare_cgroup(const char *leader);

#endif
