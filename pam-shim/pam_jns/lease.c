/* SPDX-License-Identifier: Apache-2.0 */
#include "lease.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd.h"
#include "wire.h"

#define LEASE_DATA "jns_lease"

/* The children of su and login call pam_end(3) as the user, and (sd-pam) of systemd calls close_session: each of them has a copy of this
 * lease, and none of them has opened the session. */
struct lease {
    pid_t opener;
    int fd;
    dev_t dev;
    ino_t ino;
    char user[WIRE_NAME_MAX + 1];
};

/* Programs that close all descriptors, such as sudo and daemons, close this one too; by now they may use its number for something else. */
static bool is_ours(const struct lease *l)
{
    struct stat st;

    return fstat(l->fd, &st) == 0 && st.st_dev == l->dev && st.st_ino == l->ino;
}

/* close(2) without shutdown(2), in the opener too: pam_end(3) without close_session says that this process is done, not that the session
 * has ended. Some programs open, fork the session and end their own handle. Then the child holds the lease, and the kernel ends it with the
 * last copy. */
static void forget(pam_handle_t *pamh, void *data, int status)
{
    struct lease *l = data;

    (void)pamh;
    (void)status;
    if (l == NULL)
        return;
    if (is_ours(l))
        close(l->fd);
    free(l);
}

static struct lease *find(pam_handle_t *pamh)
{
    const void *data = NULL;

    if (pam_get_data(pamh, LEASE_DATA, &data) != PAM_SUCCESS)
        return NULL;
    return (struct lease *)data;
}

bool lease_is_open(pam_handle_t *pamh, const char *user)
{
    const struct lease *l = find(pamh);

    /* A program may use one handle for one user after the other: the second must not stay in the first one's view. */
    return l != NULL && l->opener == getpid() && strcmp(l->user, user) == 0;
}

int lease_keep(pam_handle_t *pamh, const char *user, int connection)
{
    struct lease *l = malloc(sizeof *l);
    struct stat st;

    if (l == NULL || strlen(user) > WIRE_NAME_MAX || fstat(connection, &st) < 0) {
        free(l);
        close(connection);
        return -1;
    }
    *l = (struct lease){ .opener = getpid(), .fd = connection, .dev = st.st_dev, .ino = st.st_ino };
    strcpy(l->user, user);
    if (pam_set_data(pamh, LEASE_DATA, l, forget) == PAM_SUCCESS)
        return 0;
    forget(pamh, l, 0);
    return -1;
}

void lease_end(pam_handle_t *pamh)
{
    const struct lease *l = find(pamh);

    if (l == NULL || l->opener != getpid())
        return;
    /* shutdown(2) reaches the daemon although children hold copies of the connection. */
    if (is_ours(l))
        shutdown(l->fd, SHUT_RDWR);
    lease_drop(pamh);
}

void lease_drop(pam_handle_t *pamh)
{
    /* Replacing the data calls forget() for the old data. */
    pam_set_data(pamh, LEASE_DATA, NULL, NULL);
}
