// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE_SECONDS = 30 };

static char host_mark[64];
static ino_t host_namespace;
static pid_t host_pid;

int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static ino_t mount_namespace(void)
{
    struct stat st;
    return stat("/proc/self/ns/mnt", &st) == 0 ? st.st_ino : 0;
}

const char *session_mark_host(void)
{
    host_namespace = mount_namespace();
    if (host_namespace == 0)
        return "cannot read /proc/self/ns/mnt";
    host_pid = getpid();
    snprintf(host_mark, sizeof host_mark, "/tmp/.login-host-%ld", (long)host_pid);
    int fd = open(host_mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd == -1)
        return "cannot create a file in /tmp";
    close(fd);
    return NULL;
}

void session_unmark_host(void)
{
    if (host_pid == getpid())
        unlink(host_mark);
}

static void user_mark(char *path, size_t size, const struct setting *setting, unsigned user)
{
    snprintf(path, size, "/tmp/.login-%s", setting->users[user]);
}

/* Leaves a mark in the user's /tmp, and looks for marks that must not be there. Returns what is wrong, or NULL. */
static const char *not_isolated(const struct setting *setting, unsigned user)
{
    char path[128];
    ino_t namespace = mount_namespace();

    if (namespace == 0)
        return "cannot read /proc/self/ns/mnt after the login";
    if (namespace == host_namespace)
        return "still in the mount namespace that it started in";
    if (access(host_mark, F_OK) == 0)
        return "still sees the host's /tmp";
    if (errno != ENOENT)
        return "cannot look into its /tmp";
    for (unsigned other = 0; other < setting->user_count; other++) {
        user_mark(path, sizeof path, setting, other);
        if (other != user && access(path, F_OK) == 0)
            return "sees another user's /tmp";
    }
    user_mark(path, sizeof path, setting, user);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd == -1)
        return "cannot write into its /tmp";
    close(fd);
    return NULL;
}

/* Takes what modules tell the user, for the report of a failure; has no answer to a question. */
static int converse(int n, const struct pam_message **messages, struct pam_response **responses, void *data)
{
    struct outcome *outcome = data;
    *responses = calloc((size_t)n, sizeof **responses);
    if (*responses == NULL)
        return PAM_BUF_ERR;
    for (int i = 0; i < n; i++) {
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF || messages[i]->msg_style == PAM_PROMPT_ECHO_ON) {
            free(*responses);
            *responses = NULL;
            return PAM_CONV_ERR;
        }
        snprintf(outcome->problem, sizeof outcome->problem, "%s", messages[i]->msg);
    }
    return PAM_SUCCESS;
}

static void failed(struct outcome *outcome, const char *what, const char *why)
{
    char said[sizeof outcome->problem / 2];
    snprintf(said, sizeof said, "%.127s", outcome->problem);
    snprintf(outcome->problem, sizeof outcome->problem, "%s%.80s%s%s", what, why, said[0] ? "; it said: " : "", said);
}

static pam_handle_t *open_child(const struct setting *setting, const char *service, unsigned user, struct outcome *outcome)
{
    struct pam_conv conversation = {.conv = converse, .appdata_ptr = outcome};
    pam_handle_t *pamh = NULL;

    /* A module or a helper that never answers must not hang the run: SIGALRM ends this child. */
    alarm(DEADLINE_SECONDS);

    int64_t start = now_ns();
    int status = pam_start_confdir(service, setting->users[user], &conversation, setting->services, &pamh);
    if (status == PAM_SUCCESS)
        status = pam_open_session(pamh, 0);
    outcome->ns = now_ns() - start;

    if (status != PAM_SUCCESS) {
        failed(outcome, "cannot open a session: ", pam_strerror(pamh, status));
        return NULL;
    }
    const char *wrong = not_isolated(setting, user);
    if (wrong != NULL) {
        failed(outcome, "is not isolated: ", wrong);
        return NULL;
    }
    outcome->view = mount_namespace();
    return pamh;
}

static bool close_child(pam_handle_t *pamh, struct outcome *outcome)
{
    int status = pam_close_session(pamh, 0);
    if (status != PAM_SUCCESS) {
        failed(outcome, "cannot close the session: ", pam_strerror(pamh, status));
        return false;
    }
    pam_end(pamh, status);
    return true;
}

static void login_child(const struct setting *setting, const char *service, unsigned user, struct outcome *outcome)
{
    pam_handle_t *pamh = open_child(setting, service, user, outcome);

    outcome->ok = pamh != NULL && (!setting->close || close_child(pamh, outcome));
}

static int wait_for(pid_t child, struct outcome *outcome)
{
    int status;
    while (waitpid(child, &status, 0) == -1) {
        if (errno != EINTR) {
            failed(outcome, "cannot wait for it: ", strerror(errno));
            return -1;
        }
    }
    return status;
}

void session_login(const struct setting *setting, const char *service, unsigned user, struct outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    pid_t child = fork();
    if (child == -1) {
        failed(outcome, "cannot fork: ", strerror(errno));
        return;
    }
    if (child == 0) {
        login_child(setting, service, user, outcome);
        _exit(0);
    }
    int status = wait_for(child, outcome);
    if (status != 0) {
        outcome->ok = false;
        if (WIFSIGNALED(status))
            failed(outcome, "ended by ", WTERMSIG(status) == SIGALRM ? "its deadline" : strsignal(WTERMSIG(status)));
        else
            failed(outcome, "ended early, ", "with an exit status of its own");
    }
}

pid_t session_hold(const struct setting *setting, const char *service, unsigned user, const int end[2], struct outcome *outcome)
{
    int opened[2];
    char byte;

    memset(outcome, 0, sizeof *outcome);
    if (pipe2(opened, O_CLOEXEC) == -1) {
        failed(outcome, "cannot make a pipe: ", strerror(errno));
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        close(opened[0]);
        close(end[1]);
        pam_handle_t *pamh = open_child(setting, service, user, outcome);
        alarm(0);
        outcome->ok = pamh != NULL;
        close(opened[1]);
        if (pamh != NULL && read(end[0], &byte, 1) == 0)
            close_child(pamh, outcome);
        _exit(0);
    }
    close(opened[1]);
    if (child == -1)
        failed(outcome, "cannot fork: ", strerror(errno));
    else if (read(opened[0], &byte, 1) != 0)
        failed(outcome, "cannot wait for it: ", strerror(errno));
    close(opened[0]);
    return child;
}

void session_command(const char *const *words, struct outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    int64_t start = now_ns();
    pid_t child = fork();
    if (child == -1) {
        failed(outcome, "cannot fork: ", strerror(errno));
        return;
    }
    if (child == 0) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (null == -1 || dup2(null, 0) == -1 || dup2(null, 1) == -1 || dup2(null, 2) == -1)
            _exit(126);
        execv(words[0], (char *const *)words);
        _exit(127);
    }
    int status = wait_for(child, outcome);
    outcome->ns = now_ns() - start;
    outcome->ok = status == 0;
    if (!outcome->ok)
        failed(outcome, "did not end well: ", words[0]);
}
