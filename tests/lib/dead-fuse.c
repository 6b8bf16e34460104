/* SPDX-License-Identifier: Apache-2.0 */
/* dead-fuse FOLDER [TIMES]: mounts a file system there whose server never answers: who looks into it hangs until this is killed. With
 * TIMES, it shows an empty folder, and stops answering when somebody has asked TIMES times whether it may be entered. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void answer(int fuse, const struct fuse_in_header *in, int error, const void *body, size_t size)
{
    unsigned char packet[512];
    struct fuse_out_header out = { .len = (__u32)(sizeof out + size), .error = error, .unique = in->unique };

    memcpy(packet, &out, sizeof out);
    memcpy(packet + sizeof out, body, size);
    if (write(fuse, packet, out.len) != (ssize_t)out.len && errno != ENOENT)
        exit(1);
}

static void serve(int fuse, int times)
{
    static unsigned char request[1 << 17];
    const struct fuse_in_header *in = (const void *)request;

    while (times > 0 && read(fuse, request, sizeof request) >= (ssize_t)sizeof *in) {
        const struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096 };
        const struct fuse_attr_out attributes = { .attr_valid = 3600, .attr = { .ino = 1, .mode = S_IFDIR | 0755, .nlink = 2 } };
        const struct fuse_statfs_out fs = { .st = { .bsize = 4096 } };

        if (in->opcode == FUSE_INIT)
            answer(fuse, in, 0, &init, sizeof init);
        else if (in->opcode == FUSE_GETATTR)
            answer(fuse, in, 0, &attributes, sizeof attributes);
        else if (in->opcode == FUSE_STATFS)
            answer(fuse, in, 0, &fs, sizeof fs);
        else if (in->opcode == FUSE_ACCESS) {
            answer(fuse, in, 0, "", 0);
            times--;
        } else if (in->opcode != FUSE_FORGET && in->opcode != FUSE_BATCH_FORGET)
            answer(fuse, in, in->opcode == FUSE_LOOKUP ? -ENOENT : -ENOSYS, "", 0);
    }
}

int main(int argc, char **argv)
{
    char options[128];
    int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);

    if (argc < 2 || fuse < 0)
        return 2;
    snprintf(options, sizeof options, "fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other", fuse);
    if (mount("dead", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) < 0) {
        perror(argv[1]);
        return 1;
    }
    puts("mounted");
    fflush(stdout);
    serve(fuse, argc > 2 ? atoi(argv[2]) : 0);
    for (;;)
        pause();
}
