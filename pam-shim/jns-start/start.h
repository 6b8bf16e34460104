/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_START_H
#define JNS_START_START_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "helper.h"

enum { MOST_SLOTS = 64, MOST_SERVICES = 16 };

/* A program that serves a file system to the command. */
struct service {
    pid_t process;
    int handle, target; /* its pidfd, and what it has mounted */
};

/* The state of this process while it carries out a recipe. */
struct start {
    struct sigaction child_action; /* of SIGCHLD, as it was at the start */
    int slot[MOST_SLOTS];          /* descriptors, -1 in an empty slot; all close-on-exec */
    char *cwd;                     /* the folder in which it was started; NULL if that has no path */
    char *const *argv;             /* of the command */
    bool entered_user;             /* in another user namespace than at the start */
    bool dropped_groups;           /* none of the caller's groups are left */
    bool entered_pid;              /* children are in another PID namespace */
    bool new_pid;                  /* which is new, so the next child is its process 1 */
    int kill_child;                /* the signal that the command gets when its parent dies; 0: none */
    int parent;                    /* then the parent's pidfd */
    bool apart;                    /* the command runs as another user than the caller */
    bool says_pids;                /* when the command is started as a child */
    int proc;                      /* the folder /proc as it was before the first new namespace; -1 until then */
    int base;                      /* the folder that targets are in: the new root; -1 before there is one */
    int first_root, first_folder;  /* the root and the working folder before the first mount; -1 until then */
    bool lost;                     /* the path of the working folder leads nowhere any more */
    struct helper mapper, keeper;
    struct service service[MOST_SERVICES];
    size_t service_count;
};

#endif
