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

/* What is known while a recipe is carried out. */
struct start {
    struct sigaction child_action; /* of SIGCHLD, as it was at the start */
    int slot[MOST_SLOTS];          /* descriptors, -1 where there is none; all close-on-exec */
    char *cwd;                     /* where it was started; NULL if that has no path */
    char *const *argv;             /* of the command */
    bool entered_user;             /* in another user namespace than at the start */
    bool dropped_groups;           /* there are none left of the caller's */
    bool entered_pid;              /* children are in another PID namespace */
    bool new_pid;                  /* which is new: the next child is its process 1 */
    int kill_child;                /* the signal that the command gets when its parent dies; 0: none */
    int parent;                    /* then the parent's pidfd */
    bool apart;                    /* the command is somebody else's than the caller's */
    bool says_pids;                /* when the command is started as a child */
    int proc;                      /* the folder /proc as it was before the first new namespace; -1 until then */
    int base;                      /* the folder that targets are in: the new root; -1 before there is one */
    int first_root, first_folder;  /* the root and the working folder before the first mount; -1 until then */
    bool lost;                     /* the working folder's path leads nowhere any more */
    struct helper mapper, keeper;
    struct service service[MOST_SERVICES];
    size_t service_count;
};

#endif
