/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_CORPUS_H
#define JNS_CORPUS_H

#include <stddef.h>
#include <stdint.h>

/* Replays a fuzzer's corpus without the fuzzer: as it is, and with the same changes on every machine and in every run. */

enum { SEED_MAX = 8192 };

struct seed {
    size_t size;
    uint8_t bytes[SEED_MAX];
};

/* Reads all files of FOLDER whose names do not begin with a dot, and puts their number into *COUNT. Ends the program if one cannot be read,
 * or if there are too many: a file that is not read would not be replayed. */
const struct seed *corpus_read(const char *folder, size_t *count);

/* Gives BYTES to the fuzzer's target in a piece of memory of that size, so that a sanitizer sees a byte too far. */
void corpus_run(const uint8_t *bytes, size_t size);

/* 20000 seeds with one to four changes each. MUTATE may lengthen up to SEED_MAX. */
void corpus_run_mutations(void (*mutate)(uint8_t *bytes, size_t *size));

/* A number below LIMIT, which is not 0. */
size_t corpus_below(size_t limit);

#endif
