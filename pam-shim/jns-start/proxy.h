/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_PROXY_H
#define JNS_START_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

enum { ROOM = 8192 };

/* Bytes on their way from one side to the other. */
struct stream {
    int from, to;
    size_t start, end;
    bool ended;
    char last; /* of the bytes that have come; the end of a line before any has */
    char bytes[ROOM];
};

/* The process between the caller's terminal and the command's. */
struct proxy {
    int outer, master, signals; /* -1: there is no such terminal */
    bool is_raw, adopts;        /* adopts: the input is the outer terminal */
    struct termios before;
    struct stream in, out;
    pid_t child;
};

/* Carries bytes, signals and sizes until the child ends; its status, as of waitpid(2). */
int proxy_carry(struct proxy *p);

#endif
