/* SPDX-License-Identifier: Apache-2.0 */
#include "recipe.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct words {
    char **at;
    size_t left;
};

static const struct op *find(const struct op *const *tables, const char *word)
{
    for (; *tables != NULL; tables++)
        for (const struct op *op = *tables; op->word != NULL; op++)
            if (strcmp(op->word, word) == 0)
                return op;
    return NULL;
}

/* Accepts only digits: strtoull(3) accepts blanks and signs. */
static bool is_number(const char *text, unsigned long long most, unsigned long long *number)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *number <= most;
}

static bool fits(const char *text, char letter)
{
    unsigned long long number;

    switch (letter) {
    case 't':
    case 'T': return true;
    case 'n':
    case 'N': return is_number(text, ULLONG_MAX, &number);
    case 'i': return is_number(text + (*text == '-'), LLONG_MAX, &number);
    case 'o': return strcmp(text, "-") == 0 || is_number(text, MOST_SLOTS - 1, &number);
    default: return is_number(text, MOST_SLOTS - 1, &number);
    }
}

static const char *take(struct words *words, char letter)
{
    if (words->left == 0)
        return "an argument is missing";
    if (!fits(*words->at, letter))
        return "an argument is not what its op takes";
    words->at++;
    words->left--;
    return NULL;
}

static const char *take_list(struct words *words, char letter)
{
    unsigned long long count;
    const char *problem = take(words, 'n');

    if (problem != NULL)
        return problem;
    if (!is_number(words->at[-1], words->left, &count))
        return "a list is longer than the recipe";
    for (; count > 0 && problem == NULL; count--)
        problem = take(words, letter);
    return problem;
}

static const char *read_step(struct words *words, const struct op *const *tables, struct step *step)
{
    step->op = find(tables, *words->at);
    if (step->op == NULL)
        return "it has an op that is not known";
    words->at++;
    words->left--;
    step->arg = words->at;
    for (const char *letter = step->op->signature; *letter != '\0'; letter++) {
        const char *problem = strchr("TNS", *letter) != NULL ? take_list(words, *letter) : take(words, *letter);

        if (problem != NULL)
            return problem;
    }
    step->count = (size_t)(words->at - step->arg);
    return NULL;
}

const char *recipe_read(char *text, size_t size, const struct op *const *tables, struct recipe *out)
{
    const char *problem = NULL;
    size_t count = 0;

    *out = (struct recipe){ 0 };
    if (size == 0 || text[size - 1] != '\0')
        return "it does not end where a text ends";
    for (size_t i = 0; i < size; i++)
        count += text[i] == '\0';
    out->words = calloc(count + 1, sizeof *out->words);
    out->steps = calloc(count, sizeof *out->steps);
    if (out->words == NULL || out->steps == NULL) {
        recipe_free(out);
        return "there is no memory for it";
    }
    for (size_t i = 0, at = 0; i < count; i++, at += strlen(text + at) + 1)
        out->words[i] = text + at;
    struct words words = { out->words, count };
    while (words.left > 0 && problem == NULL)
        problem = read_step(&words, tables, &out->steps[out->count++]);
    if (problem != NULL)
        recipe_free(out);
    return problem;
}

void recipe_free(struct recipe *recipe)
{
    free(recipe->steps);
    free(recipe->words);
    *recipe = (struct recipe){ 0 };
}

unsigned long long step_number(const struct step *step, size_t at)
{
    return strtoull(step->arg[at], NULL, 10);
}

long long step_signed(const struct step *step, size_t at)
{
    return strtoll(step->arg[at], NULL, 10);
}
