/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_ASK_H
#define JNS_START_ASK_H

#include <stdbool.h>
#include <stddef.h>

enum { MOST_CAME = 32, MOST_TEXT = 1024 };

/* An answer as it was received: the recipe and the descriptors that it refers to, or the reason why there is none. */
struct answer {
    int fd[MOST_CAME];
    size_t fds;               /* 0: refused */
    char text[MOST_TEXT + 1]; /* then the reason */
};

/* Asks the daemon; false if no daemon answers this. */
bool ask_daemon(int command_line, struct answer *a);
/* Starts a JVM for this command, and asks that. Exits if the JVM ended after it had reported a failure by itself. */
void ask_jvm(const char *program, int command_line, struct answer *a);

/* NULL, or what is wrong with the packet. Pure. */
const char *answer_read(const unsigned char *packet, size_t size, size_t fds, struct answer *a);

#endif
