/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "corpus.h"
#include "recipe.h"
#include "tap.h"

static const struct op ops[] = { { "open", "sott", NULL }, { "enter", "S", NULL }, { "groups", "N", NULL }, { "argv", "T", NULL },
                                 { "time", "ii", NULL },   { "id", "n", NULL },    { "bare", "", NULL },    { NULL, NULL, NULL } };
static const struct op *const tables[] = { ops, NULL };

/* TEXT with a '|' for each NUL, and one more at its end. */
static const char *problem_of(const char *text)
{
    static char copy[256];
    struct recipe r;
    size_t size = strlen(text) + 1;

    memcpy(copy, text, size);
    for (size_t i = 0; i < size; i++)
        if (copy[i] == '|')
            copy[i] = '\0';
    const char *problem = recipe_read(copy, size, tables, &r);
    if (problem == NULL)
        recipe_free(&r);
    return problem;
}

static void good_ones_are_taken(void)
{
    CHECK(problem_of("bare") == NULL);
    CHECK(problem_of("open|0|-|/proc/self|dir|enter|2|0|63|argv|2|a||groups|0") == NULL);
    CHECK(problem_of("groups|2|0|4294967295") == NULL);
    CHECK(problem_of("time|-5|5|id|18446744073709551615") == NULL);
    CHECK(problem_of("argv|0") == NULL);
}

static void bad_ones_are_refused(void)
{
    static const char *const bad[] = {
        "",
        "nonsense",
        "open",
        "open|0|-|/",
        "open|64|-|/|dir",
        "open|-|-|/|dir",
        "open|0|+1|/|dir",
        "open| 1|-|/|dir",
        "enter|1",
        "enter|2|1",
        "enter|-1|1",
        "enter|1|64",
        "enter|x|1",
        "groups|1|a",
        "groups|1|-1",
        "id|18446744073709551616",
        "id|0x5",
        "id|",
        "id|5 ",
        "time|--5|5",
        "time|5",
        "argv|99999999999999999999|a",
        "argv|18446744073709551615|a",
        "bare|more",
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (problem_of(bad[i]) == NULL)
            printf("# taken: %s\n", bad[i]);
        CHECK(problem_of(bad[i]) != NULL);
    }
}

static void what_has_no_end_is_refused(void)
{
    char text[] = { 'b', 'a', 'r', 'e' };
    struct recipe r;

    CHECK(recipe_read(text, sizeof text, tables, &r) != NULL);
    CHECK(recipe_read(text, 0, tables, &r) != NULL);
}

static void mutate(uint8_t *bytes, size_t *size)
{
    size_t at = *size == 0 ? 0 : corpus_below(*size), from = *size == 0 ? 0 : corpus_below(*size);

    switch (corpus_below(6)) {
    case 0: bytes[at] ^= (uint8_t)(1U << corpus_below(8)); break;
    case 1: bytes[at] = (uint8_t)(corpus_below(3) == 0 ? 0 : '0' + corpus_below(10)); break;
    case 2: *size = at; break;
    case 3:
        if (*size < SEED_MAX - 16)
            bytes[(*size)++] = 0;
        break;
    default:
        /* A piece of it somewhere else. */
        for (size_t n = corpus_below(24); n > 0 && at < *size && from < *size; n--)
            bytes[at++] = bytes[from++];
    }
}

static void the_corpus_and_mutations_of_it_run(void)
{
    size_t count;
    const struct seed *seeds = corpus_read("fuzz/corpus/recipe", &count);

    CHECK(count >= 4);
    for (size_t i = 0; i < count; i++)
        corpus_run(seeds[i].bytes, seeds[i].size);
    corpus_run_mutations(mutate);
}

int main(void)
{
    tap_case("good recipes are taken", good_ones_are_taken);
    tap_case("bad recipes are refused", bad_ones_are_refused);
    tap_case("a recipe without an end is refused", what_has_no_end_is_refused);
    tap_case("the corpus and 20000 mutations of it run", the_corpus_and_mutations_of_it_run);
    return tap_end();
}
