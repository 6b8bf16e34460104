/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_VOLUME_H
#define JNS_VOLUME_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "identity.h"

enum { REPORT = 1, NOTHING = 2, FIRST_FOREIGN = 3, KEPT_OUTPUT = 1000, MOST_WORDS = 256 };

/* What the daemon asks for. */
struct call {
    long limit; /* milliseconds */
    const char *limit_text;
    struct identity ids;
    const char *user, *uid, *home, *service;
    bool password, create, wait, keep;
    const char *source; /* NULL: none */
    const char *target;
    char *creating[MOST_WORDS + 1]; /* none if the first is NULL */
    char **program;
};

/* One volume, as the process that supervises it knows it. */
struct volume {
    struct call call;
    long end;      /* when its time is over, on the clock of now_ms() */
    int proc;      /* the root of a proc file system of this process: the view's /proc may show other processes, or be anything */
    int table;     /* this process's mount table; -1 once nobody waits for the mount */
    int terminate; /* signalfds */
    int children;
    int daemon;  /* the connection REPORT to the daemon; -1 after the daemon has closed it as expected */
    int output;  /* the output of the programs; -1 at its end */
    int trouble; /* why the program was not started, if it was not */
    int parent;  /* the folder that the target is in */
    char name[NAME_MAX + 1];
    long before;  /* the mount that the target was on before, by its number */
    long mounted; /* the mount of the volume; 0 before it is mounted */
    pid_t program;
    bool program_ended;
    int program_status;
    bool table_changed;
    bool alone; /* no child is left, dead or alive */
    bool ending;
    bool told; /* the daemon knows that it is mounted */
    char why[512];
    char said[KEPT_OUTPUT];
    size_t said_length;
};

enum event { CHILD_ENDED, TABLE_CHANGED, TERMINATED, ABANDONED, LATE };
enum event next_event(struct volume *v, long until);

/* What a child does that may hang. The child sends its answer to SOCKET. Returns the length of the answer, or -1 if none came in time. A
 * descriptor that came with it is in *PASSED, or -1. */
typedef void errand(struct volume *v, int socket);
ssize_t send_on_errand(struct volume *v, errand *what, long until, void *answer, size_t size, int *passed);

/* Asks all children to end, or ends them, until there are none: false when that takes longer. */
bool end_children(struct volume *v, int signal, long until);

/* With the rights of the user: examines target and source, and makes them if CREATE says so. False with v->why. */
bool place_examine(struct volume *v, bool *empty_source);
/* Whether a volume was mounted at the target since place_examine(): v->mounted. */
bool place_look(struct volume *v, long until);
/* Whether it answers the user, once it is mounted. */
enum answer { ANSWERS, HAS_ENDED, IS_SILENT };
enum answer place_ask(struct volume *v, long until);
/* Unmounts it. Processes that have a file open in it keep that. */
void place_detach(struct volume *v, long until);

/* Starts a program as the user, with a copy of the password if it gets one. False with v->why. */
bool start_program(struct volume *v, char **words);
/* Puts the way v->program has ended into v->why, for people; empty if it succeeded. */
void judge_program(struct volume *v);

#endif
