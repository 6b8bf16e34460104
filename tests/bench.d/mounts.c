// SPDX-License-Identifier: Apache-2.0
//
// mounts DIR FROM TO: mounts a tmpfs on each of DIR/FROM ... DIR/TO-1. A program, because mount(8) would need seconds
// for thousands. Each is a file system of its own, as on a host with many containers: binds of one folder would be one
// peer group, whose cost grows with the square of its size when / is shared.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
    char path[4096];

    if (argc != 4) {
        fputs("usage: mounts DIR FROM TO\n", stderr);
        return 2;
    }
    for (int i = atoi(argv[2]); i < atoi(argv[3]); i++) {
        snprintf(path, sizeof path, "%s/%d", argv[1], i);
        if (mkdir(path, 0755) == -1 && errno != EEXIST) {
            fprintf(stderr, "mounts: cannot create %s: %s\n", path, strerror(errno));
            return 1;
        }
        if (mount("bench", path, "tmpfs", MS_NOSUID | MS_NODEV, "size=4k") == -1) {
            fprintf(stderr, "mounts: cannot mount a tmpfs on %s: %s\n", path, strerror(errno));
            return 1;
        }
    }
    return 0;
}
