/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MUTATIONS = 20000, SEEDS = 512, SEED_MAX = 8192 };

static struct {
    size_t size;
    uint8_t bytes[SEED_MAX];
} seeds[SEEDS];
static size_t seed_count;

/* xorshift64: the same mutations on every machine and in every run. */
static uint64_t state = 88172645463325252ULL;

static size_t below(size_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % limit);
}

static void run_exact(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size == 0 ? 1 : size);

    if (exact == NULL)
        abort();
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void read_seeds(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *e;

    while (d != NULL && (e = readdir(d)) != NULL) {
        char path[4096];

        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        FILE *f = fopen(path, "re");
        if (f == NULL || seed_count == SEEDS)
            abort();
        seeds[seed_count].size = fread(seeds[seed_count].bytes, 1, SEED_MAX, f);
        fclose(f);
        seed_count++;
    }
    if (d != NULL)
        closedir(d);
}

static void the_corpus_is_there_and_runs(void)
{
    size_t accepted = 0;
    struct wire_reply r;

    CHECK(seed_count >= 8);
    for (size_t i = 0; i < seed_count; i++) {
        run_exact(seeds[i].bytes, seeds[i].size);
        accepted += wire_decode_reply(seeds[i].bytes, seeds[i].size, &r) == NULL;
    }
    CHECK(accepted >= 4 && accepted < seed_count);
}

static void mutate(uint8_t *bytes, size_t *size)
{
    size_t at = *size == 0 ? 0 : below(*size);

    switch (below(6)) {
    case 0:
        bytes[at] ^= (uint8_t)(1U << below(8));
        break;
    case 1:
        bytes[at] = (uint8_t)below(256);
        break;
    case 2:
        *size = at;
        break;
    case 3:
        if (*size < SEED_MAX - 16) {
            size_t n = 1 + below(16);
            memset(bytes + *size, (int)below(256), n);
            *size += n;
        }
        break;
    case 4:
        if (*size > 4)
            bytes[2 + below(2)] = (uint8_t)below(64);
        break;
    default:
        if (*size > 1)
            bytes[at % 2] = (uint8_t)(below(2) == 0 ? 1 : 0x80 + below(8));
    }
}

static void mutations_of_the_corpus_run(void)
{
    static uint8_t bytes[SEED_MAX];

    for (int i = 0; i < MUTATIONS && seed_count > 0; i++) {
        size_t from = below(seed_count), size = seeds[from].size;

        memcpy(bytes, seeds[from].bytes, size);
        for (size_t n = 1 + below(4); n > 0; n--)
            mutate(bytes, &size);
        run_exact(bytes, size);
    }
}

int main(void)
{
    read_seeds("fuzz/corpus");
    tap_case("the corpus is there and runs", the_corpus_is_there_and_runs);
    tap_case("20000 mutations of the corpus run", mutations_of_the_corpus_run);
    return tap_end();
}
