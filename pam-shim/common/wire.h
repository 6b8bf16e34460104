/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_WIRE_H
#define JNS_WIRE_H

#include <stddef.h>

/* The format that docs/design.md describes under "The wire". Pure functions: no I/O, no allocation. */
enum { WIRE_VERSION = 1, WIRE_MAX = 4096, WIRE_NAME_MAX = 256, WIRE_SESSION = 16 };

enum wire_type {
    WIRE_OPEN = 0x01,
    WIRE_JOIN = 0x08,
    WIRE_GRANTED = 0x81,
    WIRE_NOT_ISOLATED = 0x82,
    WIRE_REFUSED = 0x83,
    WIRE_HOST = 0x85,
    WIRE_JOINED = 0x87,
};

struct wire_reply {
    enum wire_type type;
    char session[WIRE_SESSION + 1]; /* Granted */
    char text[WIRE_MAX];            /* Granted, Joined: the warning, may be empty; otherwise the reason */
};

/* Why NAME cannot be sent, as the end of a sentence; NULL if it can. */
const char *wire_name_problem(const char *name);
const char *wire_tty_problem(const char *tty);

/* The length of the packet; 0 if a name cannot be sent. */
size_t wire_encode_open(unsigned char packet[WIRE_MAX], const char *user, const char *service, const char *tty);

/* The same for a request to join a view, by jns-join. */
size_t wire_encode_join(unsigned char packet[WIRE_MAX], const char *kind, const char *name);

/* NULL, or what is wrong with the packet; then *REPLY has no meaning. */
const char *wire_decode_reply(const unsigned char *packet, size_t len, struct wire_reply *reply);

#endif
