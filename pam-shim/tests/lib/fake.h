/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_FAKE_H
#define JNS_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A daemon in a separate process that does what a test tells it, right or wrong. */
struct fake {
    pid_t pid;
    int events; /* one letter for each thing that happened there: L listens, A accepted, R request read, E end of lease */
    char socket[108];
};

/* Serves each connection with SERVE, one after the other; without SERVE it dies when somebody connects. */
typedef void fake_serve(int connection, int events);
struct fake fake_start(fake_serve *serve, uid_t uid);
void fake_stop(struct fake *f);
/* Events that must come are waited for as long as a busy machine may take: SOON_MS. */
enum { SOON_MS = 10000 };
bool fake_event(const struct fake *f, char wanted, int within_ms);
const char *fake_args(const struct fake *f, const char *more); /* "socket=... more"; good until the next call */

/* What the serving functions are made of. */
void fake_tell(int events, char what);
void fake_read(int connection, int events);       /* a whole, right Open: R, otherwise ? */
int fake_read_passed(int connection, int events); /* the same; the descriptor that came with it, or -1 */
void fake_send(int connection, const void *packet, size_t len, const int *fds, size_t count);
size_t fake_granted(unsigned char *packet, const char *warning);
size_t fake_reason(unsigned char *packet, unsigned char type, const char *reason);
void fake_await_end(int connection, int events);

/* A mount namespace with a tmpfs on the stage's folder "shadow" that has the file "mark"; made once a process. */
int fake_namespace(void);
/* The same in another user namespace. */
int fake_foreign_namespace(void);

fake_serve fake_grant, fake_not_isolated, fake_refuse;
fake_serve fake_host; /* sends the mount namespace that it was started in */

#endif
