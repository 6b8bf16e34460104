/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MUTATIONS = 20000, SEEDS = 512 };

static struct seed seeds[SEEDS];
static size_t seed_count;

const struct seed *corpus_read(const char *folder, size_t *count)
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
    *count = seed_count;
    return seeds;
}

void corpus_run(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size == 0 ? 1 : size);

    if (exact == NULL)
        abort();
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

void corpus_run_mutations(void (*mutate)(uint8_t *bytes, size_t *size))
{
    static uint8_t bytes[SEED_MAX];

    for (int i = 0; i < MUTATIONS && seed_count > 0; i++) {
        size_t from = corpus_below(seed_count), size = seeds[from].size;

        memcpy(bytes, seeds[from].bytes, size);
        for (size_t n = 1 + corpus_below(4); n > 0; n--)
            mutate(bytes, &size);
        corpus_run(bytes, size);
    }
}

/* xorshift64 */
size_t corpus_below(size_t limit)
{
    static uint64_t state = 88172645463325252ULL;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % limit);
}
