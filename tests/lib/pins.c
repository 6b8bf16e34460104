/* SPDX-License-Identifier: Apache-2.0 */
/* pins: prints what is in the keeper's mount namespace, one a line: the names of the views that are pinned, from the folder /pins; and what
 * is kept of views in memory, from the folder /memory. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

static void print(const char *prefix, const char *path, int depth)
{
    struct dirent *entry;
    DIR *folder = opendir(path);
    char below[1024];

    if (folder == NULL)
        return;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (depth > 1)
            print(prefix, below, depth - 1);
        else
            printf("%s%s\n", prefix, *prefix == '\0' ? entry->d_name : below + 1 + sizeof "memory");
    }
    closedir(folder);
}

int main(void)
{
    int keeper = open("/run/jns/keeper/namespace", O_RDONLY | O_CLOEXEC);

    if (keeper < 0 || setns(keeper, CLONE_NEWNS) < 0) {
        perror("pins");
        return 1;
    }
    print("", "/pins", 1);
    print("memory ", "/memory", 2);
    return 0;
}
