/* SPDX-License-Identifier: Apache-2.0 */
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * jns-trial SERVICE USER [FOLDER]: opens a session with the stack of the service, from FOLDER or the default folder of PAM, and closes it.
 *
 * Standard output gets one line: "isolated" or "not isolated" if the session was opened; otherwise the reason.
 * Standard error gets the messages of the modules. Exit status: 0 opened, 1 refused, 2 could not be tried.
 */

static const char *const this_view = "/proc/self/ns/mnt";

/* Prints the messages of modules. It answers no questions. */
static int converse(int count, const struct pam_message **messages, struct pam_response **answers, void *data)
{
    (void)data;
    for (int i = 0; i < count; i++) {
        int style = messages[i]->msg_style;
        if (style != PAM_ERROR_MSG && style != PAM_TEXT_INFO)
            return PAM_CONV_ERR;
        fprintf(stderr, "%s\n", messages[i]->msg);
    }
    *answers = calloc((size_t)count, sizeof **answers);
    return *answers != NULL ? PAM_SUCCESS : PAM_BUF_ERR;
}

static int start(const char *service, const char *user, const char *folder, pam_handle_t **handle)
{
    static const struct pam_conv conversation = { .conv = converse };

    if (folder != NULL)
        return pam_start_confdir(service, user, &conversation, folder, handle);
    return pam_start(service, user, &conversation, handle);
}

int main(int argc, char **argv)
{
    pam_handle_t *handle = NULL;
    struct stat before, after;
    int rc;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: jns-trial SERVICE USER [FOLDER]\n");
        return 2;
    }
    if (stat(this_view, &before) != 0) {
        perror(this_view);
        return 2;
    }
    rc = start(argv[1], argv[2], argc == 4 ? argv[3] : NULL, &handle);
    if (rc != PAM_SUCCESS) {
        printf("PAM does not start: %s\n", pam_strerror(handle, rc));
        return 1;
    }
    rc = pam_open_session(handle, 0);
    if (rc != PAM_SUCCESS) {
        printf("%s\n", pam_strerror(handle, rc));
        pam_end(handle, rc);
        return 1;
    }
    /* Another view may have no /proc. */
    bool moved = stat(this_view, &after) != 0 || before.st_ino != after.st_ino;
    puts(moved ? "isolated" : "not isolated");
    rc = pam_close_session(handle, 0);
    pam_end(handle, rc);
    return 0;
}
