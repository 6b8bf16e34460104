/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MUTATIONS = 20000, SEED_MAX = 8192, SEEDS = 512 };

static struct {
    size_t size;
    uint8_t bytes[SEED_MAX];
} seeds[SEEDS];
static size_t seed_count;

/* In a piece of memory of that size, so that a sanitizer sees a byte too far. */
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
        /* What is not read would not be replayed. */
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
    CHECK(seed_count >= 6);
    for (size_t i = 0; i < seed_count; i++)
        run_exact(seeds[i].bytes, seeds[i].size);
}

/* xorshift64: the same mutations on every machine and in every run. */
static uint64_t state = 88172645463325252ULL;

static size_t below(size_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % limit);
}

static void mutations_of_the_corpus_run(void)
{
    static uint8_t bytes[SEED_MAX];

    for (int i = 0; i < MUTATIONS && seed_count > 0; i++) {
        size_t from = below(seed_count), size = seeds[from].size;

        memcpy(bytes, seeds[from].bytes, size);
        for (size_t n = 1 + below(4); n > 0 && size > 0; n--) {
            bytes[below(size)] = (uint8_t)(below(3) == 0 ? 0 : below(256));
            size = below(4) == 0 ? below(size + 1) : size;
        }
        run_exact(bytes, size);
    }
}

int main(void)
{
    read_seeds("fuzz/module-corpus");
    tap_case("the corpus of the module's inputs is there and runs", the_corpus_is_there_and_runs);
    tap_case("20000 mutations of it run", mutations_of_the_corpus_run);
    return tap_end();
}
