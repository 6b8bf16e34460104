/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "../common/wire.h"
#include "../pam_jns/args.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_WORDS = 16 };

static bool is_same(const struct options *a, const struct options *b)
{
    return a->socket == b->socket && a->once == b->once && a->timeout == b->timeout && a->debug == b->debug
        && a->allow_on_error == b->allow_on_error;
}

/* Whatever the options of a line are, what was taken is in its limits, and what was not taken changes nothing but by its own word. */
static void options(char *const *words, size_t count)
{
    struct options o = args_defaults();

    for (size_t i = 0; i < count; i++) {
        struct options before = o;

        if (args_take(&o, words[i]) != NULL && !is_same(&before, &o))
            abort();
    }
    if (o.timeout < 1 || o.timeout > 300 || o.socket[0] != '/' || strlen(o.socket) >= sizeof((struct sockaddr_un *)0)->sun_path
        || (o.once != NULL && o.once[0] != '/'))
        abort();
}

static bool holds_controls(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

/* One field of a packet, which has to be TEXT. Returns what comes after it. */
static const unsigned char *field(const unsigned char *at, const unsigned char *end, const char *text)
{
    size_t length = strlen(text);

    if (end - at < 2 || (size_t)(end - at) < 2 + length || (size_t)(at[0] << 8 | at[1]) != length || memcmp(at + 2, text, length) != 0)
        abort();
    return at + 2 + length;
}

static void packet(enum wire_type type, const unsigned char *bytes, size_t size, const char *const *fields)
{
    const unsigned char *at = bytes + 2, *end = bytes + size;

    if (size > WIRE_MAX || bytes[0] != WIRE_VERSION || bytes[1] != (unsigned char)type)
        abort();
    for (; *fields != NULL; fields++)
        at = field(at, end, *fields);
    if (at != end)
        abort();
}

/* PAM's items are sent whole or not at all, and never what could forge a line or be a path. */
static void items(const char *user, const char *service, const char *tty)
{
    static unsigned char bytes[WIRE_MAX];
    bool fit = wire_name_problem(user) == NULL && wire_name_problem(service) == NULL && wire_tty_problem(tty) == NULL;
    size_t size = wire_encode_open(bytes, user, service, tty);

    if (fit != (size != 0))
        abort();
    if (size != 0)
        packet(WIRE_OPEN, bytes, size, (const char *const[]){ user, service, tty, NULL });
    if (fit
        && (holds_controls(user) || holds_controls(service) || holds_controls(tty) || strchr(user, '/') != NULL || user[0] == '\0'
            || user[0] == '-' || strcmp(user, "..") == 0))
        abort();
    size = wire_encode_join(bytes, user, service);
    if (size != 0)
        packet(WIRE_JOIN, bytes, size, (const char *const[]){ user, service, NULL });
}

/* Texts, each ended by NUL or by the end: the options of a line in /etc/pam.d; and by threes what PAM knows of a login. */
__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *words[MOST_WORDS];
    size_t count = 0;

    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (size_t at = 0; at <= size && count < MOST_WORDS; at += strlen(text + at) + 1)
        words[count++] = text + at;
    options(words, count);
    for (size_t i = 0; i + 2 < count; i += 3)
        items(words[i], words[i + 1], words[i + 2]);
    free(text);
    return 0;
}
