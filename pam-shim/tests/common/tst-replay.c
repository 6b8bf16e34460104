/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "corpus.h"
#include "tap.h"
#include "wire.h"

static const struct seed *seeds;
static size_t seed_count;

static void the_corpus_is_there_and_runs(void)
{
    size_t accepted = 0;
    struct wire_reply r;

    CHECK(seed_count >= 8);
    for (size_t i = 0; i < seed_count; i++) {
        corpus_run(seeds[i].bytes, seeds[i].size);
        accepted += wire_decode_reply(seeds[i].bytes, seeds[i].size, &r) == NULL;
    }
    CHECK(accepted >= 4 && accepted < seed_count);
}

static void mutate(uint8_t *bytes, size_t *size)
{
    size_t at = *size == 0 ? 0 : corpus_below(*size);

    switch (corpus_below(6)) {
    case 0: bytes[at] ^= (uint8_t)(1U << corpus_below(8)); break;
    case 1: bytes[at] = (uint8_t)corpus_below(256); break;
    case 2: *size = at; break;
    case 3:
        if (*size < SEED_MAX - 16) {
            size_t n = 1 + corpus_below(16);
            memset(bytes + *size, (int)corpus_below(256), n);
            *size += n;
        }
        break;
    case 4:
        if (*size > 4)
            bytes[2 + corpus_below(2)] = (uint8_t)corpus_below(64);
        break;
    default:
        if (*size > 1)
            bytes[at % 2] = (uint8_t)(corpus_below(2) == 0 ? 1 : 0x80 + corpus_below(8));
    }
}

static void mutations_of_the_corpus_run(void) { corpus_run_mutations(mutate); }

int main(void)
{
    seeds = corpus_read("fuzz/corpus/decode", &seed_count);
    tap_case("the corpus is there and runs", the_corpus_is_there_and_runs);
    tap_case("20000 mutations of the corpus run", mutations_of_the_corpus_run);
    return tap_end();
}
