/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_VOLUME_RIG_H
#define JNS_VOLUME_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Runs jns-volume as the daemon does, in a separate mount namespace: with a root-owned folder of programs, and with a new home of the user
 * for each case. This process becomes the parent of what jns-volume leaves behind, and so sees how that ends. */

#define PROGRAMS "/mnt/programs/"
#define HOME "/mnt/home"
#define RAW HOME "/raw"
#define CLEAR HOME "/clear"
enum { MALLORY = 4711, SOON_MS = 15000, ENDED_MS = 10000 };

struct call {
    const char *limit, *ids, *flags, *source, *target, *create[8], *program[8];
};

/* volume-program on CLEAR. */
extern const struct call usual;

/* What the next call gets in addition to its words; secret is a pipe, or -1. */
extern void (*before_exec)(void);
extern int secret;
extern const char *home;

/* The result of the last call: its report, the process that stays, and the other end of its connection. */
extern char report[4096];
extern pid_t supervisor;
extern int far_end;

/* The exit status of the process that is started. */
int start(const struct call *c);
/* The same, and waits for the report: its first line says what went wrong. */
const char *run(const struct call *c);
bool has(const char *part);
/* The call is refused with WHY, and no process or mount of it is left. */
bool refused(const struct call *c, const char *why);
bool mounts(const struct call *c);
bool ends_when_told(long within);
/* Nothing that jns-volume has started is left, dead or alive: all of it became a child of this process. */
bool nobody_left(long within);

/* What the pipe may hold: the writer is gone. */
void password(const void *bytes, size_t n);
void folder(const char *path, uid_t uid, mode_t mode);
void make(const char *path, const char *text, mode_t mode, uid_t uid);
/* The usual call, except that the program is a script. */
struct call script(const char *flags, const char *text);
const char *content(const char *path, size_t *size);
/* By the kernel's mount table, whatever the file systems say. */
bool is_mounted(const char *path);
bool is_alive(pid_t pid);
pid_t child_of(pid_t parent, const char *name);
/* The program in the background, below the supervisor: waits for it; 0 if there is none. */
pid_t serving(const char *name);
long now_ms(void);

struct volume_case {
    const char *name;
    void (*run)(void);
    const char *needs; /* a program that must be installed; NULL: none */
};
int run_cases(const char *build, const struct volume_case *cases, size_t count);

#endif
