/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_CLOCK_H
#define JNS_CLOCK_H

#include <time.h>

/* Milliseconds on the monotonic clock. */
static inline long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
