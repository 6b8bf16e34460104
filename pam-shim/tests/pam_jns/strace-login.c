/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* strace-login CONFDIR [threads]: one login of alice, with libpam's own logging, to be traced. */

static int converse(int count, const struct pam_message **messages, struct pam_response **answers, void *data)
{
    (void)messages;
    (void)data;
    *answers = calloc((size_t)count, sizeof **answers);
    return PAM_SUCCESS;
}

static void *wait_for_ever(void *data)
{
    pause();
    return data;
}

int main(int argc, char **argv)
{
    static const struct pam_conv conv = { .conv = converse };
    pam_handle_t *h = NULL;
    pthread_t thread;

    if (argc < 2 || pam_start_confdir("jnstest", "alice", &conv, argv[1], &h) != PAM_SUCCESS)
        return 2;
    if (argc > 2 && pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
        return 2;
    int rc = pam_open_session(h, 0);
    pam_end(h, PAM_SUCCESS);
    return rc == PAM_SUCCESS ? 0 : 1;
}
