/* SPDX-License-Identifier: Apache-2.0 */
#include "pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "say.h"

static const char *const told[] = { "SHELL", "TERM", "COLUMNS", "LINES", "NO_COLOR" };

struct text {
    char *bytes;
    size_t size, room;
};

static void add(struct text *t, const char *bytes, size_t size)
{
    if (t->room - t->size < size) {
        t->room = (t->room + size) * 2;
        t->bytes = realloc(t->bytes, t->room);
        if (t->bytes == NULL)
            die("cannot note the command line: %m");
    }
    memcpy(t->bytes + t->size, bytes, size);
    t->size += size;
}

static void add_text(struct text *t, const char *text)
{
    add(t, text, strlen(text) + 1);
}

int pack(const char *program, char *const *arguments, size_t *size)
{
    struct text t = { 0 };
    char number[32];
    size_t count = 0;

    while (arguments[count] != NULL)
        count++;
    snprintf(number, sizeof number, "%zu", count);
    add_text(&t, program);
    add_text(&t, number);
    for (size_t i = 0; i < count; i++)
        add_text(&t, arguments[i]);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *value = getenv(told[i]);

        if (value != NULL) {
            add(&t, told[i], strlen(told[i]));
            add(&t, "=", 1);
            add_text(&t, value);
        }
    }
    int fd = memfd_create(program, MFD_CLOEXEC);
    if (fd < 0)
        die("cannot note the command line: %m");
    /* pwrite(2) leaves the file offset at the beginning, where the receiver starts to read. */
    for (size_t at = 0; at < t.size;) {
        ssize_t n = pwrite(fd, t.bytes + at, t.size - at, (off_t)at);

        if (n <= 0)
            die("cannot note the command line: %m");
        at += (size_t)n;
    }
    *size = t.size;
    free(t.bytes);
    return fd;
}
