/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus.h"
#include "tap.h"

static const struct seed *seeds;
static size_t seed_count;

static void the_corpus_is_there_and_runs(void)
{
    CHECK(seed_count >= 6);
    for (size_t i = 0; i < seed_count; i++)
        corpus_run(seeds[i].bytes, seeds[i].size);
}

static void mutate(uint8_t *bytes, size_t *size)
{
    if (*size == 0)
        return;
    bytes[corpus_below(*size)] = (uint8_t)(corpus_below(3) == 0 ? 0 : corpus_below(256));
    *size = corpus_below(4) == 0 ? corpus_below(*size + 1) : *size;
}

static void mutations_of_the_corpus_run(void) { corpus_run_mutations(mutate); }

int main(void)
{
    seeds = corpus_read("fuzz/corpus/module", &seed_count);
    tap_case("the corpus of the module's inputs is there and runs", the_corpus_is_there_and_runs);
    tap_case("20000 mutations of it run", mutations_of_the_corpus_run);
    return tap_end();
}
