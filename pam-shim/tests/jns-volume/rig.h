/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_VOLUME_RIG_H
#define JNS_VOLUME_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* jns-volume as the daemon runs it, in a mount namespace of the test's own: with a root-owned folder of programs, and with a home of
 * the user's that each case has anew. This process takes over what jns-volume leaves behind, so it sees how that ends. */

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

/* What the next call gets beside its words; secret is a pipe, or -1. */
extern void (*before_exec)(void);
extern int secret;
extern const char *home;

/* What came of the last one: its report, who stays, and the other end of its connection. */
extern char report[4096];
extern pid_t supervisor;
extern int far_end;

/* The exit status of the process that is started. */
int start(const struct call *c);
/* The same, and waits for the report: its first line says what went wrong. */
const char *run(const struct call *c);
bool has(const char *part);
/* Refused with WHY, and as if it had never been. */
bool refused(const struct call *c, const char *why);
bool mounts(const struct call *c);
bool ends_when_told(long within);
/* Nothing that jns-volume has started is left, dead or alive: all of it became our child. */
bool nobody_left(long within);

/* What may be in the pipe: the writer is gone. */
void password(const void *bytes, size_t n);
void folder(const char *path, uid_t uid, mode_t mode);
void make(const char *path, const char *text, mode_t mode, uid_t uid);
/* The usual call, but for the program: a script. */
struct call script(const char *flags, const char *text);
const char *content(const char *path, size_t *size);
/* As the kernel sees it, whatever the file systems say. */
bool is_mounted(const char *path);
bool is_alive(pid_t pid);
pid_t child_of(pid_t parent, const char *name);
/* The program that has gone into the background, below the supervisor: waited for; 0 if there is none. */
pid_t serving(const char *name);
long now_ms(void);

struct volume_case {
    const char *name;
    void (*run)(void);
    const char *needs; /* a program of the machine's; NULL: none */
};
int run_cases(const char *build, const struct volume_case *cases, size_t count);

#endif
