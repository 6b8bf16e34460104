/* SPDX-License-Identifier: Apache-2.0 */
/* dead-fuse FOLDER: mounts a file system there whose server never answers: whoever looks into it hangs until this is killed. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char options[128];
    int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);

    if (argc != 2 || fuse < 0)
        return 2;
    snprintf(options, sizeof options, "fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other", fuse);
    if (mount("dead", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) < 0) {
        perror(argv[1]);
        return 1;
    }
    puts("mounted");
    fflush(stdout);
    for (;;)
        pause();
}
