/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_CLIENT_H
#define JNS_CLIENT_H

#include <time.h>

#include "namespaces.h"
#include "trouble.h"
#include "wire.h"

enum ask {
    ASK_ANSWERED,
    ASK_NOBODY,  /* nobody listens, or who listened went away before the answer: --once may be asked instead */
    ASK_FAILED,  /* no answer in time, or no answer that can be read */
    ASK_HOSTILE, /* an answer from who must not give one, or with descriptors that it must not have */
};

struct answer {
    struct wire_reply reply;
    int lease; /* Granted: the connection, otherwise -1 */
    struct namespaces namespaces; /* Granted and Host: what came with it, otherwise none */
};

struct question {
    unsigned char packet[WIRE_MAX];
    size_t len;
    int password; /* a pipe to read it from, or -1; goes with the packet, and stays the caller's */
};

/* Connects to SOCKET and asks there. After anything but ASK_ANSWERED nothing stays open and *T says why. */
enum ask client_ask(const char *socket, const struct question *q, const struct timespec *deadline, struct answer *a, struct trouble *t);

/* The same on a connection that exists. It is A's, or closed, afterwards. */
enum ask client_exchange(int connection, const struct question *q, const struct timespec *deadline, struct answer *a,
                         struct trouble *t);

#endif
