/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The length of the UTF-8 sequence at S (of which LEFT bytes are there), 0 when it is none. RFC 3629: no overlong
 * forms, no surrogates, nothing past U+10FFFF; two spellings of one name must not reach the rules. */
static size_t utf8_sequence(const unsigned char *s, size_t left)
{
    unsigned char low = 0x80, high = 0xbf;
    size_t n;

    if (s[0] < 0x80)
        return 1;
    if (s[0] >= 0xc2 && s[0] <= 0xdf)
        n = 2;
    else if (s[0] >= 0xe0 && s[0] <= 0xef)
        n = 3;
    else if (s[0] >= 0xf0 && s[0] <= 0xf4)
        n = 4;
    else
        return 0;
    if (s[0] == 0xe0)
        low = 0xa0;
    else if (s[0] == 0xed)
        high = 0x9f;
    else if (s[0] == 0xf0)
        low = 0x90;
    else if (s[0] == 0xf4)
        high = 0x8f;
    if (left < n || s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if (s[i] < 0x80 || s[i] > 0xbf)
            return 0;
    return n;
}

static const char *text_problem(const unsigned char *s, size_t len)
{
    for (size_t i = 0, n; i < len; i += n) {
        if (s[i] < 0x20 || s[i] == 0x7f)
            return "has a control character";
        n = utf8_sequence(s + i, len - i);
        if (n == 0)
            return "is not UTF-8";
    }
    return NULL;
}

const char *wire_tty_problem(const char *tty)
{
    size_t n = strnlen(tty, WIRE_NAME_MAX + 1);

    return n > WIRE_NAME_MAX ? "is longer than 256 bytes" : text_problem((const unsigned char *)tty, n);
}

const char *wire_name_problem(const char *name)
{
    const char *problem = wire_tty_problem(name);

    if (problem != NULL)
        return problem;
    if (name[0] == '\0')
        return "is empty";
    if (name[0] == '-')
        return "begins with '-'";
    if (strchr(name, '/') != NULL)
        return "has a '/'";
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return "is a folder's name for itself or its parent";
    return NULL;
}

static size_t put_field(unsigned char *packet, size_t at, const char *text)
{
    size_t n = strlen(text);

    packet[at] = (unsigned char)(n >> 8);
    packet[at + 1] = (unsigned char)(n & 0xff);
    memcpy(packet + at + 2, text, n);
    return at + 2 + n;
}

size_t wire_encode_open(unsigned char packet[WIRE_MAX], const char *user, const char *service, const char *tty)
{
    _Static_assert(2 + 3 * (2 + WIRE_NAME_MAX) <= WIRE_MAX, "three fields at their longest fit one packet");
    size_t at = 2;

    if (wire_name_problem(user) != NULL || wire_name_problem(service) != NULL || wire_tty_problem(tty) != NULL)
        return 0;
    packet[0] = WIRE_VERSION;
    packet[1] = WIRE_OPEN;
    at = put_field(packet, at, user);
    at = put_field(packet, at, service);
    return put_field(packet, at, tty);
}

size_t wire_encode_join(unsigned char packet[WIRE_MAX], const char *kind, const char *name)
{
    if (wire_name_problem(kind) != NULL || wire_tty_problem(name) != NULL)
        return 0;
    packet[0] = WIRE_VERSION;
    packet[1] = WIRE_JOIN;
    return put_field(packet, put_field(packet, 2, kind), name);
}

struct reader {
    const unsigned char *at;
    size_t left;
};

/* Copies the next field out, with a NUL after it. */
static const char *take_field(struct reader *r, char *out, size_t size)
{
    const char *problem;
    size_t n;

    if (r->left < 2)
        return "a field is missing";
    n = (size_t)r->at[0] << 8 | r->at[1];
    if (r->left - 2 < n)
        return "a field is cut short";
    if (n >= size)
        return "a field is too long";
    problem = text_problem(r->at + 2, n);
    if (problem != NULL)
        return problem;
    memcpy(out, r->at + 2, n);
    out[n] = '\0';
    r->at += 2 + n;
    r->left -= 2 + n;
    return NULL;
}

static bool is_session(const char *text)
{
    return strlen(text) == WIRE_SESSION && strspn(text, "0123456789abcdefABCDEF") == WIRE_SESSION;
}

const char *wire_decode_reply(const unsigned char *packet, size_t len, struct wire_reply *reply)
{
    struct reader r = { packet, len };
    const char *problem;

    if (len < 2)
        return "it is cut short";
    if (len > WIRE_MAX)
        return "it is too long";
    if (packet[0] != WIRE_VERSION)
        return "its version is unknown";
    r.at += 2;
    r.left -= 2;
    reply->session[0] = '\0';
    switch (packet[1]) {
    case WIRE_GRANTED:
        reply->type = WIRE_GRANTED;
        problem = take_field(&r, reply->session, sizeof reply->session);
        if (problem != NULL)
            return problem;
        if (!is_session(reply->session))
            return "its session is not 16 hexadecimal digits";
        break;
    case WIRE_NOT_ISOLATED: reply->type = WIRE_NOT_ISOLATED; break;
    case WIRE_REFUSED: reply->type = WIRE_REFUSED; break;
    case WIRE_HOST: reply->type = WIRE_HOST; break;
    case WIRE_JOINED: reply->type = WIRE_JOINED; break;
    default: return "its type is no answer to a login";
    }
    problem = take_field(&r, reply->text, sizeof reply->text);
    if (problem != NULL)
        return problem;
    if (reply->type != WIRE_GRANTED && reply->type != WIRE_JOINED && reply->text[0] == '\0')
        return "its reason is empty";
    return r.left == 0 ? NULL : "it has bytes after its last field";
}
