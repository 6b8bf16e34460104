/* SPDX-License-Identifier: Apache-2.0 */
#include "volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Source and target may be anywhere, on any file system, and the user may change them. So children walk them with the rights of the user,
 * who gains nothing by a link. If a file system hangs, only the child hangs. */

struct examined {
    char why[400];
    bool empty_source;
};

static bool __attribute__((format(printf, 2, 3))) fail(struct examined *e, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(e->why, sizeof e->why, format, arguments);
    va_end(arguments);
    return false;
}

/* -1 if it cannot be read. */
static int is_empty(int folder)
{
    int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    DIR *all = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *one;
    int result = 1;

    if (all == NULL)
        return -1;
    errno = 0;
    while ((one = readdir(all)) != NULL)
        if (strcmp(one->d_name, ".") != 0 && strcmp(one->d_name, "..") != 0)
            result = 0;
    if (errno != 0)
        result = -1;
    closedir(all);
    return result;
}

static int open_target(const struct volume *v)
{
    return openat(v->parent, v->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Says why the target could not be opened as a folder. */
static bool fail_target(const struct volume *v, struct examined *e)
{
    int reason = errno;
    struct stat st;

    if ((reason == ENOTDIR || reason == ELOOP) && fstatat(v->parent, v->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return fail(e, "%.200s is %s; it must be a folder that the user owns", v->call.target,
                    S_ISLNK(st.st_mode) ? "a symbolic link" : "no folder");
    if (reason == ENOTCONN)
        return fail(e, "%.200s is a volume whose program has ended; run fusermount -u on it", v->call.target);
    if (reason == ENOENT)
        return fail(e, "%.200s does not exist; make it, or set create = yes", v->call.target);
    return fail(e, "%.200s: %s", v->call.target, strerror(reason));
}

static bool examine_target(struct volume *v, struct examined *e)
{
    int folder = open_target(v);
    struct stat st;

    if (folder < 0 && errno == ENOENT && v->call.create) {
        if (mkdirat(v->parent, v->name, 0700) < 0 && errno != EEXIST)
            return fail(e, "%.200s cannot be made: %s", v->call.target, strerror(errno));
        folder = open_target(v);
    }
    if (folder < 0)
        return fail_target(v, e);
    if (fstat(folder, &st) < 0)
        return fail(e, "%.200s: %s", v->call.target, strerror(errno));
    if (st.st_uid != v->call.ids.uid)
        return fail(e, "%.200s belongs to uid %u, expected %u; it must be a folder that the user owns", v->call.target, (unsigned)st.st_uid,
                    (unsigned)v->call.ids.uid);
    int empty = is_empty(folder);
    if (empty < 0)
        return fail(e, "%.200s: %s", v->call.target, strerror(errno));
    if (empty == 0)
        return fail(e, "%.200s is not empty; what is in it could not be seen below the volume: move it away", v->call.target);
    close(folder);
    return true;
}

static bool examine_source(struct volume *v, struct examined *e)
{
    const char *source = v->call.source;
    enum { FLAGS = O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC };

    if (source == NULL)
        return true;
    int folder = open(source, FLAGS);
    if (folder < 0 && errno == ENOENT && v->call.create) {
        if (mkdir(source, 0700) < 0 && errno != EEXIST)
            return fail(e, "%.200s cannot be made: %s", source, strerror(errno));
        folder = open(source, FLAGS);
    }
    if (folder < 0)
        return errno == ENOENT ? fail(e, "there is no volume in %.200s: it does not exist; make one, or set create = yes", source)
                               : fail(e, "%.200s: %s", source, strerror(errno));
    int empty = is_empty(folder);
    if (empty < 0)
        return fail(e, "%.200s: %s", source, strerror(errno));
    e->empty_source = empty == 1;
    close(folder);
    return empty == 0 || v->call.create || fail(e, "there is no volume in %.200s: it is empty; make one, or set create = yes", source);
}

static bool examine_parent(struct volume *v, struct examined *e)
{
    char path[PATH_MAX];
    size_t length = strlen(v->call.target), slash = (size_t)(strrchr(v->call.target, '/') - v->call.target);

    if (length >= sizeof path || length - slash - 1 > NAME_MAX)
        return fail(e, "the path of the target is too long");
    memcpy(path, v->call.target, slash);
    strcpy(path + slash, slash == 0 ? "/" : "");
    strcpy(v->name, v->call.target + slash + 1);
    v->parent = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return v->parent >= 0 || fail(e, "%.200s: %s", path, strerror(errno));
}

static void answer(int socket, const void *bytes, size_t size, int pass)
{
    union {
        struct cmsghdr header;
        unsigned char bytes[CMSG_SPACE(sizeof(int))];
    } control = { .header = { .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof pass) } };
    struct iovec iov = { .iov_base = (void *)bytes, .iov_len = size };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

    if (pass >= 0) {
        memcpy(CMSG_DATA(&control.header), &pass, sizeof pass);
        msg.msg_control = control.bytes;
        msg.msg_controllen = sizeof control.bytes;
    }
    if (sendmsg(socket, &msg, MSG_NOSIGNAL) < 0)
        _exit(1);
}

static void examine(struct volume *v, int socket)
{
    static struct examined e;

    umask(077);
    if (!identity_become(&v->call.ids, false))
        fail(&e, "its process cannot become uid %u: %s", (unsigned)v->call.ids.uid, strerror(errno));
    else if (examine_parent(v, &e) && examine_target(v, &e))
        examine_source(v, &e);
    answer(socket, &e, sizeof e, v->parent);
}

/* A handle of what is at the target now, as the user sees it. It changes effective ids only, so that it can change back. */
static int reach_target(struct volume *v)
{
    const struct identity *ids = &v->call.ids;

    if (setgroups(ids->groups, ids->group) < 0 || setresgid((gid_t)-1, ids->gid, (gid_t)-1) < 0
        || setresuid((uid_t)-1, ids->uid, (uid_t)-1) < 0)
        return -1;
    int there = openat(v->parent, v->name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return setresuid((uid_t)-1, 0, (uid_t)-1) < 0 ? -1 : there;
}

/* The number of the mount that a handle is on, without a question to the file system: proc_pid_fdinfo(5). 0 if there is none. */
static long mount_of(const struct volume *v, int handle)
{
    char path[64], text[512];
    const char *line;

    snprintf(path, sizeof path, "self/fdinfo/%d", handle);
    int info = handle < 0 ? -1 : openat(v->proc, path, O_RDONLY | O_CLOEXEC);
    ssize_t n = info < 0 ? -1 : read(info, text, sizeof text - 1);
    if (info >= 0)
        close(info);
    text[n < 0 ? 0 : n] = '\0';
    line = strstr(text, "mnt_id:");
    return line == NULL ? 0 : atol(line + strlen("mnt_id:"));
}

static void look(struct volume *v, int socket)
{
    long id = mount_of(v, reach_target(v));

    answer(socket, &id, sizeof id, -1);
}

static long mount_at_target(struct volume *v, long until)
{
    int none;
    long id = 0;

    return send_on_errand(v, look, until, &id, sizeof id, &none) == sizeof id ? id : 0;
}

bool place_examine(struct volume *v, bool *empty_source)
{
    struct examined e = { .empty_source = false };
    bool answered = send_on_errand(v, examine, v->end, &e, sizeof e, &v->parent) == sizeof e;

    snprintf(v->name, sizeof v->name, "%s", strrchr(v->call.target, '/') + 1);
    *empty_source = e.empty_source;
    if (answered && e.why[0] == '\0') {
        v->before = mount_at_target(v, v->end);
        answered = v->before != 0;
    }
    if (!answered)
        snprintf(v->why, sizeof v->why, "its folders cannot be looked at within %s ms; is what they are on still there?",
                 v->call.limit_text);
    else
        snprintf(v->why, sizeof v->why, "%s", e.why);
    return v->why[0] == '\0';
}

/* Finds the mount by its number: proc_pid_mountinfo(5). The type is the first word after " - ". */
static bool is_fuse(struct volume *v, long id)
{
    char *line = NULL;
    size_t size = 0;
    bool result = false;
    int fd = openat(v->proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
    FILE *table = fd < 0 ? NULL : fdopen(fd, "r");

    while (table != NULL && getline(&line, &size, table) > 0) {
        const char *type = atol(line) == id ? strstr(line, " - ") : NULL;
        if (type != NULL)
            result = strncmp(type + 3, "fuse ", 5) == 0 || strncmp(type + 3, "fuse.", 5) == 0 || strncmp(type + 3, "fuseblk ", 8) == 0;
    }
    free(line);
    if (table != NULL)
        fclose(table);
    return result;
}

bool place_look(struct volume *v, long until)
{
    long id = mount_at_target(v, until);

    if (id != 0 && id != v->before && is_fuse(v, id))
        v->mounted = id;
    return v->mounted != 0;
}

static void ask(struct volume *v, int socket)
{
    struct stat st;
    char ended = identity_become(&v->call.ids, false) && fstatat(v->parent, v->name, &st, AT_SYMLINK_NOFOLLOW) < 0
        && (errno == ENOTCONN || errno == ECONNABORTED);

    answer(socket, &ended, 1, -1);
}

enum answer place_ask(struct volume *v, long until)
{
    int none;
    char ended;

    return send_on_errand(v, ask, until, &ended, 1, &none) != 1 ? IS_SILENT : ended ? HAS_ENDED : ANSWERS;
}

/* Unmounts by descriptor: by a path, the user could make it unmount another mount of the view. It runs in a child, because closing the last
 * descriptor may wait for the program that serves the mount. */
static void detach(struct volume *v, int socket)
{
    char path[64];
    int there = reach_target(v);
    char done = mount_of(v, there) == v->mounted;

    snprintf(path, sizeof path, "self/fd/%d", there);
    done = done && fchdir(v->proc) == 0 && umount2(path, MNT_DETACH) == 0;
    answer(socket, &done, 1, -1);
}

void place_detach(struct volume *v, long until)
{
    int none;
    char done;

    send_on_errand(v, detach, until, &done, 1, &none);
    v->mounted = 0;
}
