/* SPDX-License-Identifier: Apache-2.0 */
/* pins: prints the names of the views that are pinned, one a line: the folder /pins in the keeper's mount namespace. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

int main(void)
{
    int keeper = open("/run/jns/keeper/namespace", O_RDONLY | O_CLOEXEC);
    struct dirent *entry;
    DIR *folder;

    if (keeper < 0 || setns(keeper, CLONE_NEWNS) < 0 || (folder = opendir("/pins")) == NULL) {
        perror("pins");
        return 1;
    }
    while ((entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            puts(entry->d_name);
    return 0;
}
