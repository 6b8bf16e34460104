/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_CLIENT_H
#define JNS_CLIENT_H

#include <stdbool.h>
#include <time.h>

#include "namespaces.h"
#include "trouble.h"
#include "wire.h"

enum ask {
    ASK_DONE,    /* connected, sent, or answered */
    ASK_NOBODY,  /* nobody listens, or the listener went away before the answer: --once may be asked instead */
    ASK_LATE,    /* not in time; if there is a connection, it is still open */
    ASK_FAILED,  /* no connection, or no answer that can be read */
    ASK_HOSTILE, /* an answer from a process that must not give one, or with descriptors that it must not have */
};

struct answer {
    struct wire_reply reply;
    int lease;                    /* Granted: the connection, otherwise -1 */
    struct namespaces namespaces; /* Granted and Host: what came with it, otherwise none */
};

struct question {
    unsigned char packet[WIRE_MAX];
    size_t len;
    int password; /* a pipe to read it from, or -1; goes with the packet, and stays the caller's */
};

/* Connects to SOCKET. After every result except ASK_DONE *CONNECTION is -1 and *T says why. */
enum ask client_connect(const char *socket, const struct timespec *deadline, int *connection, struct trouble *t);

/* Sends the question, and receives the answer. After ASK_LATE the caller may wait for the answer again. Otherwise the connection stays
 * open after a question that was sent, is A's lease after an answer, or is closed. */
enum ask client_send(int *connection, const struct question *q, const struct timespec *deadline, struct trouble *t);
enum ask client_receive(int *connection, const struct timespec *deadline, struct answer *a, struct trouble *t);

/* Has the other end read what was sent? The kernel connects on its behalf, and keeps what is sent, even if it never runs. */
bool client_is_taken(int connection);

#endif
