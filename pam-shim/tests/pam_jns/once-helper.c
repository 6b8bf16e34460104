/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A stand-in for `jnsd --once`. Its file name tells it what to do, because nothing else that a test could set reaches it. It writes what it
 * was given into the file "report" next to it. */

extern char **environ;
static char folder[PATH_MAX];

static void report_descriptors(FILE *out)
{
    DIR *d = opendir("/proc/self/fd");
    struct dirent *e;

    while (d != NULL && (e = readdir(d)) != NULL) {
        char link[64], target[PATH_MAX];
        int fd = atoi(e->d_name);

        if (e->d_name[0] == '.' || fd == dirfd(d) || fd == fileno(out))
            continue;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, target, sizeof target - 1);
        target[n < 0 ? 0 : n] = '\0';
        fprintf(out, "fd %d %s\n", fd, strncmp(target, "socket:", 7) == 0 ? "socket" : target);
    }
    if (d != NULL)
        closedir(d);
}

static void report(int argc, char **argv)
{
    char path[PATH_MAX + 16], line[256], cwd[PATH_MAX] = "?";
    struct rlimit size;

    snprintf(path, sizeof path, "%s/report.new", folder);
    FILE *out = fopen(path, "we");
    if (out == NULL)
        exit(1);
    mode_t mask = umask(0);
    umask(mask);
    getrlimit(RLIMIT_FSIZE, &size);
    fprintf(out, "argc %d\nargv1 %s\ncwd %s\numask %03o\nleader %d\nfsize %d\npid %d\n", argc, argc > 1 ? argv[1] : "",
            getcwd(cwd, sizeof cwd), (unsigned)mask, getsid(0) == getpid() && getpgrp() == getpid(), size.rlim_cur == RLIM_INFINITY,
            (int)getpid());
    for (char **e = environ; *e != NULL; e++)
        fprintf(out, "env %s\n", *e);
    report_descriptors(out);
    FILE *status = fopen("/proc/self/status", "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, "Sig", 3) == 0 || strncmp(line, "Uid", 3) == 0 || strncmp(line, "Gid", 3) == 0 || strncmp(line, "Groups", 6) == 0)
            fputs(line, out);
    if (status != NULL)
        fclose(status);
    fclose(out);
    char final[PATH_MAX + 16];
    snprintf(final, sizeof final, "%s/report", folder);
    rename(path, final);
}

static void answer(const unsigned char *packet, size_t len, int fd)
{
    union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE(sizeof(int))];
    } control = { 0 };
    struct iovec iov = { .iov_base = (void *)packet, .iov_len = len };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

    if (fd >= 0) {
        msg.msg_control = control.bytes;
        msg.msg_controllen = sizeof control.bytes;
        struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    if (sendmsg(3, &msg, MSG_NOSIGNAL) < 0)
        exit(1);
}

/* Whether a pipe comes with the request, and holds WANTED and nothing else. */
static bool has_password(const char *wanted)
{
    union {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    char packet[4096], got[600];
    struct iovec iov = { .iov_base = packet, .iov_len = sizeof packet };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
    int fd;

    if (recvmsg(3, &msg, 0) <= 0 || CMSG_FIRSTHDR(&msg) == NULL)
        return false;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof fd);
    return read(fd, got, sizeof got) == (ssize_t)strlen(wanted) && memcmp(got, wanted, strlen(wanted)) == 0 && read(fd, got, 1) == 0;
}

static void hang(void)
{
    char path[PATH_MAX + 16];

    pid_t child = fork();
    if (child > 0) {
        snprintf(path, sizeof path, "%s/child", folder);
        FILE *out = fopen(path, "we");
        if (out != NULL) {
            fprintf(out, "%d\n", (int)child);
            fclose(out);
        }
    }
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    static const unsigned char granted[] = "\1\x81\0\x10"
                                           "0123456789abcdef\0\0";
    static const unsigned char refused[] = "\1\x83\0\4full";
    static const unsigned char came[] = "\1\x82\0\4came";
    unsigned char request[4096];

    ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
    folder[n < 0 ? 0 : n] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return 1;
    *slash = '\0';
    const char *what = slash + 1;

    report(argc, argv);
    if (strcmp(what, "once-exit") == 0)
        return 0;
    if (strcmp(what, "once-hang") == 0)
        hang();
    if (strcmp(what, "once-password") == 0) {
        answer(has_password("pass word") ? came : refused, sizeof refused - 1, -1);
        return 0;
    }
    n = recv(3, request, sizeof request, 0);
    if (n < 2 || request[0] != 1 || request[1] != 1)
        return 1;
    if (strcmp(what, "once-die") == 0)
        raise(SIGKILL);
    if (strcmp(what, "once-refuse") == 0) {
        answer(refused, sizeof refused - 1, -1);
        return 0;
    }
    if (strcmp(what, "once-garbage") == 0) {
        answer((const unsigned char *)"?", 1, -1);
        return 0;
    }
    if (strcmp(what, "once-leave") != 0 && strcmp(what, "once-ok") != 0)
        return 1;
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return 1;
    answer(granted, sizeof granted - 1, open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
    if (strcmp(what, "once-leave") == 0)
        return 0;
    n = recv(3, request, sizeof request, 0); /* to the end of the lease */
    return n == 0 ? 0 : 1;
}
