/* SPDX-License-Identifier: Apache-2.0 */
/* client SERVICE USER: opens a session, says "open" and the number of its mount namespace, and closes it when it has read a line, or its
 * input has ended. A login program with nothing else in it. Its marks are for who traces it: paths that are nowhere. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int converse(int count, const struct pam_message **messages, struct pam_response **answers, void *data)
{
    (void)data;
    for (int i = 0; i < count; i++)
        fprintf(stderr, "%s\n", messages[i]->msg);
    *answers = calloc((size_t)count, sizeof **answers);
    return *answers == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

static void mark(const char *path)
{
    if (access(path, F_OK) == 0)
        fprintf(stderr, "client: %s is there\n", path);
}

int main(int argc, char **argv)
{
    static const struct pam_conv conversation = { .conv = converse };
    pam_handle_t *h = NULL;
    struct stat st;

    if (argc != 3 || pam_start(argv[1], argv[2], &conversation, &h) != PAM_SUCCESS)
        return 2;
    mark("/mark/open");
    /* The one that it has now: in a PID namespace of the session's it is not itself a member of what /proc shows. */
    int proc = open("/proc", O_PATH | O_CLOEXEC);
    int rc = pam_open_session(h, 0);
    mark("/mark/opened");
    if (rc != PAM_SUCCESS || fstatat(proc, "self/ns/mnt", &st, 0) < 0) {
        pam_end(h, rc);
        return 1;
    }
    printf("open %lu\n", (unsigned long)st.st_ino);
    fflush(stdout);
    for (int c = 0; c != EOF && c != '\n'; c = getchar())
        continue;
    mark("/mark/close");
    rc = pam_close_session(h, 0);
    mark("/mark/closed");
    pam_end(h, rc);
    return rc == PAM_SUCCESS ? 0 : 1;
}
