/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_DEADLINE_H
#define JNS_DEADLINE_H

#include <time.h>

/* The monotonic clock: a step of the wall clock must neither cut a login short nor hold it up. */
static inline struct timespec deadline_after_ms(long long ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    ms += at.tv_nsec / 1000000;
    at.tv_sec += (time_t)(ms / 1000);
    at.tv_nsec = (long)(ms % 1000 * 1000000 + at.tv_nsec % 1000000);
    return at;
}

static inline struct timespec deadline_after(unsigned seconds)
{
    return deadline_after_ms(seconds * 1000LL);
}

/* Milliseconds left, rounded up so that a poll(2) for them never ends early; 0 when the time is over. */
static inline int deadline_left_ms(const struct timespec *at)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    long long ns = (long long)(at->tv_sec - now.tv_sec) * 1000000000LL + (at->tv_nsec - now.tv_nsec);
    return ns <= 0 ? 0 : (int)((ns + 999999) / 1000000);
}

#endif
