/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/54-password.md */
#include "secret.h"

#include <security/pam_ext.h>
#include <string.h>
#include <sys/mman.h>
#include <syslog.h>
#include <unistd.h>

#include "fd.h"
#include "wire.h"

#define SECRET_DATA "jns_secret"

/* On separate pages, because neither the swap nor a core dump must have them. */
struct secret {
    char user[WIRE_NAME_MAX + 1];
    size_t length;
    char password[SECRET_MAX];
};

static void wipe(struct secret *s)
{
    explicit_bzero(s, sizeof *s);
    munmap(s, sizeof *s);
}

/* In children too, unlike the session's lease: a child owns its copy after fork(2). */
static void forget(pam_handle_t *pamh, void *data, int status)
{
    (void)pamh;
    (void)status;
    if (data != NULL)
        wipe(data);
}

static void drop(pam_handle_t *pamh)
{
    /* Replacing the data calls forget() for the old data. */
    pam_set_data(pamh, SECRET_DATA, NULL, NULL);
}

static struct secret *make(pam_handle_t *pamh, bool debug)
{
    struct secret *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (s == MAP_FAILED)
        return NULL;
    /* As far as the limits of the program allow: a password in the swap is a smaller evil than a login that fails. */
    if (madvise(s, sizeof *s, MADV_DONTDUMP) < 0 && debug)
        pam_syslog(pamh, LOG_DEBUG, "cannot keep the password out of core dumps: %m");
    if (mlock(s, sizeof *s) < 0 && debug)
        pam_syslog(pamh, LOG_DEBUG, "cannot keep the password out of the swap: %m");
    return s;
}

void secret_keep(pam_handle_t *pamh, const char *user, bool debug)
{
    const void *item = NULL;

    /* Not pam_get_authtok(3), which would ask for a password if no other module has done so. */
    drop(pamh);
    if (pam_get_item(pamh, PAM_AUTHTOK, &item) != PAM_SUCCESS || item == NULL || *(const char *)item == '\0')
        return;
    size_t length = strnlen(item, SECRET_MAX + 1);
    if (length > SECRET_MAX) {
        pam_syslog(pamh, LOG_WARNING, "cannot keep the password: it is longer than %d bytes; no volume is mounted with it", SECRET_MAX);
        return;
    }
    if (strlen(user) > WIRE_NAME_MAX)
        return;
    struct secret *s = make(pamh, debug);
    if (s == NULL) {
        pam_syslog(pamh, LOG_WARNING, "cannot keep the password: %m; no volume is mounted with it");
        return;
    }
    strcpy(s->user, user);
    s->length = length;
    memcpy(s->password, item, length);
    if (pam_set_data(pamh, SECRET_DATA, s, forget) != PAM_SUCCESS)
        wipe(s);
}

static int to_pipe(const struct secret *s)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    /* The write does not block: the smallest pipe holds a page, pipe(7). */
    if (write(ends[1], s->password, s->length) != (ssize_t)s->length)
        fd_close(&ends[0]);
    fd_close(&ends[1]);
    return ends[0];
}

int secret_take(pam_handle_t *pamh, const char *user, bool debug)
{
    const void *data = NULL;
    int fd = -1;

    if (pam_get_data(pamh, SECRET_DATA, &data) != PAM_SUCCESS || data == NULL)
        return -1;
    const struct secret *s = data;
    /* sudo asks the caller for the caller's password, and opens the session of another user, who must not get it. */
    if (strcmp(s->user, user) == 0) {
        fd = to_pipe(s);
        if (fd < 0)
            pam_syslog(pamh, LOG_WARNING, "cannot hand over the password: %m; no volume is mounted with it");
    } else if (debug)
        pam_syslog(pamh, LOG_DEBUG, "the password that was asked for is another user's, and is not handed over");
    drop(pamh);
    return fd;
}
