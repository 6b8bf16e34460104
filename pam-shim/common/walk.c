/* SPDX-License-Identifier: Apache-2.0 */
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The limit of the kernel, path_resolution(7). */
enum { MOST_LINKS = 40 };

/* The state of a walk to a program. */
struct walk {
    int here;
    int links;
    char ahead[2 * PATH_MAX];
    char *why;
    size_t size;
};

static int fail(const struct walk *w, const char *name, const char *reason)
{
    snprintf(w->why, w->size, "%.200s: %s", name, reason);
    return -1;
}

/* A file that is not root-owned, or that others can write, could be another program by the time it is run. On a FUSE file system the server
 * may claim that root owns everything. */
static int require_root_only(const struct walk *w, int fd, const struct stat *st, const char *name)
{
    struct statfs fs;

    if (st->st_uid != 0)
        return fail(w, name, "its owner is not root");
    if ((st->st_mode & S_IWOTH) != 0 || ((st->st_mode & S_IWGRP) != 0 && st->st_gid != 0))
        return fail(w, name, "others than root can write it");
    if (fstatfs(fd, &fs) < 0)
        return fail(w, name, strerror(errno));
    return fs.f_type == FUSE_SUPER_MAGIC ? fail(w, name, "it is on a FUSE file system") : 0;
}

/* Continues at NEXT, or closes it. */
static int go_to(struct walk *w, int next, const struct stat *st, const char *name)
{
    if (require_root_only(w, next, st, name) < 0) {
        close(next);
        return -1;
    }
    if (w->here >= 0)
        close(w->here);
    w->here = next;
    return 0;
}

static int begin_at_root(struct walk *w)
{
    struct stat st;
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (root < 0 || fstat(root, &st) < 0)
        return fail(w, "/", strerror(errno));
    return go_to(w, root, &st, "/");
}

/* Only root can change the folder with the link, and so the link. The text of the link comes before the rest of the path. */
static int follow(struct walk *w, int link, const struct stat *st, const char *name)
{
    char text[PATH_MAX], rest[sizeof w->ahead];
    ssize_t n = readlinkat(link, "", text, sizeof text - 1);

    close(link);
    if (n < 0)
        return fail(w, name, strerror(errno));
    text[n] = '\0';
    if (st->st_uid != 0)
        return fail(w, name, "it is a symbolic link whose owner is not root");
    if (++w->links > MOST_LINKS)
        return fail(w, name, strerror(ELOOP));
    memcpy(rest, w->ahead, strlen(w->ahead) + 1);
    if (snprintf(w->ahead, sizeof w->ahead, "%s/%s", text, rest) >= (int)sizeof w->ahead)
        return fail(w, name, strerror(ENAMETOOLONG));
    return text[0] == '/' ? begin_at_root(w) : 0;
}

/* One component further. */
static int step(struct walk *w, const char *name)
{
    struct stat st;
    int next = openat(w->here, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

    if (next < 0 || fstat(next, &st) < 0) {
        int reason = errno;
        if (next >= 0)
            close(next);
        return fail(w, name, strerror(reason));
    }
    return S_ISLNK(st.st_mode) ? follow(w, next, &st, name) : go_to(w, next, &st, name);
}

static int walk(struct walk *w)
{
    char name[NAME_MAX + 1];

    while (w->ahead[0] != '\0') {
        size_t slashes = strspn(w->ahead, "/"), length = strcspn(w->ahead + slashes, "/");

        if (length > NAME_MAX)
            return fail(w, w->ahead, strerror(ENAMETOOLONG));
        memcpy(name, w->ahead + slashes, length);
        name[length] = '\0';
        memmove(w->ahead, w->ahead + slashes + length, strlen(w->ahead + slashes + length) + 1);
        if (length > 0 && step(w, name) < 0)
            return -1;
    }
    return 0;
}

int walk_to_program(const char *path, char *why, size_t size)
{
    struct walk w = { .here = -1, .why = why, .size = size };
    struct stat st;
    int result = -1;

    if (path[0] != '/' || strlen(path) >= PATH_MAX)
        fail(&w, path, "it is no absolute path");
    else {
        memcpy(w.ahead, path, strlen(path) + 1);
        if (begin_at_root(&w) == 0 && walk(&w) == 0)
            result = fstat(w.here, &st) < 0 ? fail(&w, path, strerror(errno))
                : !S_ISREG(st.st_mode)      ? fail(&w, path, "it is no regular file")
                : (st.st_mode & 0111) == 0  ? fail(&w, path, "it is not executable; run chmod 755 on it")
                                            : w.here;
    }
    if (result < 0 && w.here >= 0)
        close(w.here);
    return result;
}
