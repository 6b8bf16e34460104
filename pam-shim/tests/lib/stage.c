/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LINES = 64, LINE_SIZE = 1024 };

static char dir[64], build_dir[PATH_MAX];
static pid_t owner;
static struct {
    int level;
    char text[LINE_SIZE];
} lines[LINES];
static int line_count;
static char said[4096];

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static void strike(void)
{
    if (getpid() == owner)
        nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void stage_set(const char *build)
{
    if (realpath(build, build_dir) == NULL)
        abort();
    strcpy(dir, "/tmp/jns-shim-XXXXXX");
    if (mkdtemp(dir) == NULL || chmod(dir, 0755) < 0)
        abort();
    owner = getpid();
    atexit(strike);
}

const char *stage_dir(void) { return dir; }

static char *next_buffer(void)
{
    static char buffers[256][PATH_MAX];
    static unsigned next;

    return buffers[next++ % 256];
}

const char *stage_path(const char *name)
{
    char *path = next_buffer();

    if (snprintf(path, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
        abort();
    return path;
}

const char *stage_build(const char *name)
{
    char *path = next_buffer();

    if (snprintf(path, PATH_MAX, "%s/%s", build_dir, name) >= PATH_MAX)
        abort();
    return path;
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");

    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

static int converse(int count, const struct pam_message **messages, struct pam_response **answers, void *data)
{
    (void)data;
    *answers = calloc((size_t)count, sizeof **answers);
    for (int i = 0; i < count; i++) {
        strncat(said, messages[i]->msg, sizeof said - strlen(said) - 2);
        strcat(said, "\n");
    }
    return *answers == NULL ? PAM_CONV_ERR : PAM_SUCCESS;
}

pam_handle_t *stage_login_stack(const char *user, const char *stack)
{
    static const struct pam_conv conv = { .conv = converse };
    pam_handle_t *h = NULL;

    write_file(stage_path("jnstest"), stack);
    write_file(stage_path("other"), "session required pam_deny.so\n");
    if (pam_start_confdir("jnstest", user, &conv, dir, &h) != PAM_SUCCESS)
        abort();
    return h;
}

pam_handle_t *stage_login(const char *user, const char *args)
{
    char stack[2 * PATH_MAX];

    if (snprintf(stack, sizeof stack, "session required %s %s\n", stage_build("pam_jns.so"), args) >= (int)sizeof stack)
        abort();
    return stage_login_stack(user, stack);
}

/* The module's pam_syslog: the program's symbols come before libpam's. */
__attribute__((visibility("default"), format(printf, 3, 4))) void pam_syslog(const pam_handle_t *h, int level, const char *format, ...)
{
    va_list args;

    (void)h;
    if (line_count == LINES)
        return;
    va_start(args, format);
    vsnprintf(lines[line_count].text, LINE_SIZE, format, args);
    va_end(args);
    lines[line_count++].level = level;
}

bool stage_logged(int level, const char *text)
{
    for (int i = 0; i < line_count; i++)
        if (lines[i].level == level && strstr(lines[i].text, text) != NULL)
            return true;
    return false;
}

void stage_show(void)
{
    for (int i = 0; i < line_count; i++)
        printf("#   logged at %d: %s\n", lines[i].level, lines[i].text);
    printf("%s%s", said[0] == '\0' ? "" : "#   said: ", said);
}

bool stage_said(const char *text) { return strstr(said, text) != NULL; }

bool stage_said_anything(void) { return said[0] != '\0'; }

void stage_forget(void)
{
    line_count = 0;
    said[0] = '\0';
}

ino_t stage_mnt_inode(void)
{
    struct stat st;

    if (stat("/proc/thread-self/ns/mnt", &st) < 0)
        abort();
    return st.st_ino;
}

int stage_count_fds(void)
{
    DIR *d = opendir("/proc/self/fd");
    int n = 0;

    if (d == NULL)
        abort();
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

long long stage_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
