/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../jns-start/recipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One op for each letter of a signature, and the usual ones. */
static const struct op ops[] = {
    { "open", "sott", NULL }, { "process", "ssnn", NULL }, { "enter", "S", NULL },    { "groups", "N", NULL }, { "argv", "T", NULL },
    { "exec", "t", NULL },    { "time", "ii", NULL },      { "keep-caps", "", NULL }, { NULL, NULL, NULL },
};
/* And those of jnsrun. */
static const struct op run[] = {
    { "unshare", "n", NULL },   { "map-self", "tt", NULL },   { "setgroups", "t", NULL }, { "mapper", "ttt", NULL },
    { "mapped", "", NULL },     { "keeper", "T", NULL },      { "kept", "", NULL },       { "time-offset", "ni", NULL },
    { "hostname", "t", NULL },  { "propagation", "n", NULL }, { "tree", "stn", NULL },    { "attach", "st", NULL },
    { "restrict", "tn", NULL }, { "hide", "t", NULL },        { "proc", "tn", NULL },     { "base", "t", NULL },
    { "tmpfs", "ttttn", NULL }, { "make", "tnn", NULL },      { "pivot", "", NULL },      { "wd-stay", "", NULL },
    { "say-pids", "t", NULL },  { "serve", "ttttT", NULL },   { "fork", "ttn", NULL },    { "drop-caps", "", NULL },
    { NULL, NULL, NULL },
};
static const struct op *const tables[] = { ops, run, NULL };

/* Whatever the bytes are, the reader stays inside them; what it accepts is all of them, in their order. */
__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size == 0 ? 1 : size);
    struct recipe r;
    size_t at = 0;

    if (text == NULL)
        abort();
    memcpy(text, data, size);
    if (recipe_read(text, size, tables, &r) != NULL) {
        free(text);
        return 0;
    }
    for (size_t i = 0; i < r.count; i++) {
        if (strcmp(text + at, r.steps[i].op->word) != 0)
            abort();
        at += strlen(text + at) + 1;
        for (size_t j = 0; j < r.steps[i].count; j++) {
            if (r.steps[i].arg[j] != text + at)
                abort();
            at += strlen(text + at) + 1;
        }
    }
    if (at != size)
        abort();
    recipe_free(&r);
    free(text);
    return 0;
}
