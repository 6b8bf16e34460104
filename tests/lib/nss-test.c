/* SPDX-License-Identifier: Apache-2.0 */
/* libnss_jnstest.so.2: a directory service. It knows the user remote0 (uid and gid 7001) and the group staff-only (gid 7000), in which
 * member0 and remote0 are; and any spelling of carl0 with capitals or a realm, which it gives back as it was asked for.
 * The file /run/nss-test says how it is: up, slow (it takes 25 seconds to fail), or down (it fails at once). */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static enum nss_status reach(int *error)
{
    char state[8] = "";
    int fd = open("/run/nss-test", O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        ssize_t n = read(fd, state, sizeof state - 1);
        close(fd);
        state[n > 0 ? n : 0] = 0;
    }
    if (strncmp(state, "up", 2) == 0)
        return NSS_STATUS_SUCCESS;
    if (strncmp(state, "slow", 4) == 0)
        sleep(25);
    *error = strncmp(state, "slow", 4) == 0 ? EAGAIN : ENOENT;
    return strncmp(state, "slow", 4) == 0 ? NSS_STATUS_TRYAGAIN : NSS_STATUS_UNAVAIL;
}

static bool is_carl(const char *name)
{
    return strncasecmp(name, "carl0", 5) == 0 && (name[5] == 0 || name[5] == '@') && strcmp(name, "carl0") != 0;
}

static enum nss_status fill(struct passwd *p, const char *name, unsigned uid, char *buffer, size_t size, int *error)
{
    if (strlen(name) + 1 > size) {
        *error = ERANGE;
        return NSS_STATUS_TRYAGAIN;
    }
    strcpy(buffer, name);
    *p = (struct passwd){ .pw_name = buffer, .pw_passwd = (char *)"x", .pw_uid = uid, .pw_gid = uid == 7001 ? 7001 : 100,
                          .pw_gecos = (char *)"", .pw_dir = (char *)"/nowhere", .pw_shell = (char *)"/bin/sh" };
    return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_jnstest_getpwnam_r(const char *name, struct passwd *p, char *buffer, size_t size, int *error)
{
    enum nss_status status = reach(error);

    if (status != NSS_STATUS_SUCCESS)
        return status;
    if (strcmp(name, "remote0") == 0)
        return fill(p, name, 7001, buffer, size, error);
    return is_carl(name) ? fill(p, name, 6000, buffer, size, error) : NSS_STATUS_NOTFOUND;
}

enum nss_status _nss_jnstest_getpwuid_r(uid_t uid, struct passwd *p, char *buffer, size_t size, int *error)
{
    enum nss_status status = reach(error);

    if (status != NSS_STATUS_SUCCESS)
        return status;
    return uid == 7001 ? fill(p, "remote0", 7001, buffer, size, error) : NSS_STATUS_NOTFOUND;
}

static enum nss_status group(struct group *g, char *buffer, size_t size, int *error)
{
    static char *members[] = { NULL };

    if (size < sizeof "staff-only") {
        *error = ERANGE;
        return NSS_STATUS_TRYAGAIN;
    }
    strcpy(buffer, "staff-only");
    *g = (struct group){ .gr_name = buffer, .gr_passwd = (char *)"x", .gr_gid = 7000, .gr_mem = members };
    return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_jnstest_getgrnam_r(const char *name, struct group *g, char *buffer, size_t size, int *error)
{
    enum nss_status status = reach(error);

    if (status != NSS_STATUS_SUCCESS)
        return status;
    return strcmp(name, "staff-only") == 0 ? group(g, buffer, size, error) : NSS_STATUS_NOTFOUND;
}

enum nss_status _nss_jnstest_getgrgid_r(gid_t gid, struct group *g, char *buffer, size_t size, int *error)
{
    enum nss_status status = reach(error);

    if (status != NSS_STATUS_SUCCESS)
        return status;
    return gid == 7000 ? group(g, buffer, size, error) : NSS_STATUS_NOTFOUND;
}

enum nss_status _nss_jnstest_initgroups_dyn(const char *user, gid_t primary, long *start, long *size, gid_t **groups, long limit,
                                            int *error)
{
    enum nss_status status = reach(error);

    (void)primary;
    if (status != NSS_STATUS_SUCCESS)
        return status;
    if (strcmp(user, "member0") != 0 && strcmp(user, "remote0") != 0)
        return NSS_STATUS_NOTFOUND;
    if (*start == *size) {
        gid_t *more = realloc(*groups, 2 * (size_t)*size * sizeof **groups);

        if (more == NULL || (limit > 0 && *size >= limit))
            return NSS_STATUS_TRYAGAIN;
        *groups = more;
        *size *= 2;
    }
    (*groups)[(*start)++] = 7000;
    return NSS_STATUS_SUCCESS;
}
