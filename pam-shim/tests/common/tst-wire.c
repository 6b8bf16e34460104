/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wire.h"

/* A packet of exactly LEN bytes on the heap: the sanitizers see each byte that is read past it. */
static const char *decode(const unsigned char *packet, size_t len, struct wire_reply *reply)
{
    unsigned char *exact = malloc(len == 0 ? 1 : len);

    if (exact == NULL)
        abort();
    memcpy(exact, packet, len);
    const char *problem = wire_decode_reply(exact, len, reply);
    free(exact);
    return problem;
}

static void open_has_the_bytes_of_the_design(void)
{
    static const unsigned char expected[] = "\1\1\0\5alice\0\4sshd\0\5pts/7";
    static const unsigned char no_tty[] = "\1\1\0\1a\0\2su\0";
    unsigned char packet[WIRE_MAX];

    CHECK(wire_encode_open(packet, "alice", "sshd", "pts/7") == sizeof expected - 1);
    CHECK(memcmp(packet, expected, sizeof expected - 1) == 0);
    CHECK(wire_encode_open(packet, "a", "su", "") == sizeof no_tty);
    CHECK(memcmp(packet, no_tty, sizeof no_tty) == 0);
}

static void join_has_the_bytes_of_the_design(void)
{
    static const unsigned char expected[] = "\1\10\0\4rule\0\5vault";
    unsigned char packet[WIRE_MAX];
    char name[WIRE_NAME_MAX + 2];

    CHECK(wire_encode_join(packet, "rule", "vault") == sizeof expected - 1);
    CHECK(memcmp(packet, expected, sizeof expected - 1) == 0);
    CHECK(wire_encode_join(packet, "view", "") == 10);
    memset(name, 'n', sizeof name);
    name[WIRE_NAME_MAX] = '\0';
    CHECK(wire_encode_join(packet, "view", name) == 10 + WIRE_NAME_MAX);
    name[WIRE_NAME_MAX] = 'n';
    name[WIRE_NAME_MAX + 1] = '\0';
    CHECK(wire_encode_join(packet, "view", name) == 0);
    CHECK(wire_encode_join(packet, name, "") == 0 && wire_encode_join(packet, "", "") == 0);
    CHECK(wire_encode_join(packet, "view", "a\nb") == 0 && wire_encode_join(packet, "view", "\xff") == 0);
}

static void replies_are_read_back(void)
{
    unsigned char packet[WIRE_MAX];
    struct wire_reply r;

    CHECK(decode(packet, fake_granted(packet, ""), &r) == NULL);
    CHECK(r.type == WIRE_GRANTED && strcmp(r.session, "0123456789abcdef") == 0 && r.text[0] == '\0');
    CHECK(decode(packet, fake_granted(packet, "caf\xc3\xa9 is full"), &r) == NULL);
    CHECK(r.type == WIRE_GRANTED && strcmp(r.text, "caf\xc3\xa9 is full") == 0);
    CHECK(decode(packet, fake_reason(packet, 0x82, "no rule"), &r) == NULL);
    CHECK(r.type == WIRE_NOT_ISOLATED && strcmp(r.text, "no rule") == 0 && r.session[0] == '\0');
    CHECK(decode(packet, fake_reason(packet, 0x83, "no"), &r) == NULL);
    CHECK(r.type == WIRE_REFUSED && strcmp(r.text, "no") == 0);
    CHECK(decode(packet, fake_reason(packet, 0x85, "no rule"), &r) == NULL);
    CHECK(r.type == WIRE_HOST && strcmp(r.text, "no rule") == 0 && r.session[0] == '\0');
    CHECK(decode(packet, fake_reason(packet, 0x85, ""), &r) != NULL);
    CHECK(decode(packet, fake_reason(packet, 0x87, ""), &r) == NULL);
    CHECK(r.type == WIRE_JOINED && r.text[0] == '\0' && r.session[0] == '\0');
}

static void every_prefix_and_every_extra_byte_is_an_error(void)
{
    unsigned char packet[WIRE_MAX + 8];
    struct wire_reply r;

    for (int kind = 0; kind < 5; kind++) {
        size_t len = kind == 0 ? fake_granted(packet, "")
            : kind == 1        ? fake_granted(packet, "warning")
                               : fake_reason(packet,
                                      kind == 2       ? 0x82
                                                 : kind == 3 ? 0x83
                                                             : 0x85,
                                             "reason");

        CHECK(decode(packet, len, &r) == NULL);
        for (size_t n = 0; n < len; n++)
            CHECK(decode(packet, n, &r) != NULL);
        memset(packet + len, 0, 8);
        for (size_t n = 1; n <= 8; n++)
            CHECK(decode(packet, len + n, &r) != NULL);
    }
}

static void version_and_type_must_be_known(void)
{
    unsigned char packet[WIRE_MAX];
    size_t len = fake_reason(packet, 0x82, "reason");
    struct wire_reply r;

    for (unsigned v = 0; v < 256; v++) {
        packet[0] = (unsigned char)v;
        CHECK((decode(packet, len, &r) == NULL) == (v == 1));
    }
    packet[0] = 1;
    for (unsigned t = 0; t < 256; t++) {
        packet[1] = (unsigned char)t;
        CHECK((decode(packet, len, &r) == NULL) == (t == 0x82 || t == 0x83 || t == 0x85 || t == 0x87));
    }
}

static void lengths_are_held_to_the_packet(void)
{
    unsigned char packet[WIRE_MAX + 1] = { 1, 0x83 };
    struct wire_reply r;

    for (unsigned claimed = 0; claimed <= 0xffff; claimed++) {
        packet[2] = (unsigned char)(claimed >> 8);
        packet[3] = (unsigned char)claimed;
        memset(packet + 4, 'x', 10);
        CHECK((decode(packet, 14, &r) == NULL) == (claimed == 10));
    }
    memset(packet + 4, 'x', sizeof packet - 4);
    packet[2] = (WIRE_MAX - 4) >> 8;
    packet[3] = (WIRE_MAX - 4) & 0xff;
    CHECK(decode(packet, WIRE_MAX, &r) == NULL && strlen(r.text) == WIRE_MAX - 4);
    packet[3]++;
    CHECK(decode(packet, WIRE_MAX + 1, &r) != NULL);
}

static void sessions_are_sixteen_hexadecimal_digits(void)
{
    static const char *const bad[] = {
        "", "0", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeg", " 123456789abcdef", "0123456789abcde ", "../../../../../.."
    };
    unsigned char packet[WIRE_MAX];
    struct wire_reply r;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t n = strlen(bad[i]);

        packet[0] = 1;
        packet[1] = 0x81;
        packet[2] = 0;
        packet[3] = (unsigned char)n;
        memcpy(packet + 4, bad[i], n);
        packet[4 + n] = packet[5 + n] = 0;
        CHECK(decode(packet, n + 6, &r) != NULL);
    }
}

static void text_is_utf8_without_control_characters(void)
{
    static const char *const bad[] = {
        "\n",
        "a\x1f",
        "\x7f",
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc3",
        "\xc3(",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xe2\x82",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "",
    };
    static const char *const good[] = {
        " ", "~", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "%s%n"
    };
    unsigned char packet[WIRE_MAX];
    struct wire_reply r;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(decode(packet, fake_reason(packet, 0x83, bad[i]), &r) != NULL);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(decode(packet, fake_reason(packet, 0x83, good[i]), &r) == NULL && strcmp(r.text, good[i]) == 0);
    packet[4] = '\0';
    packet[3] = 1;
    CHECK(decode(packet, 5, &r) != NULL);
}

static void names(void)
{
    static const char *const bad[] = {
        "", ".", "..", "/", "a/b", "../../etc", "-", "-x", "a\n", "a\tb", "\x7f", "\x1b[2J", "\xff", "a\xc3"
    };
    static const char *const good[] = { "a",           "alice", "alice$", "a.b",  "...", ".hidden", "DOMAIN\\alice", "alice@example.org",
                                        "caf\xc3\xa9", "a b",   "%s",     "4242", "a-" };
    unsigned char packet[WIRE_MAX];
    char longest[WIRE_NAME_MAX + 2];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(wire_name_problem(bad[i]) != NULL);
        CHECK(wire_encode_open(packet, bad[i], "su", "") == 0);
        CHECK(wire_encode_open(packet, "alice", bad[i], "") == 0);
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK(wire_name_problem(good[i]) == NULL);
        CHECK(wire_encode_open(packet, good[i], "su", "") > 0);
    }
    memset(longest, 'x', sizeof longest);
    longest[WIRE_NAME_MAX] = '\0';
    CHECK(wire_encode_open(packet, longest, longest, longest) == 2 + 3 * (2 + WIRE_NAME_MAX));
    longest[WIRE_NAME_MAX] = 'x';
    longest[WIRE_NAME_MAX + 1] = '\0';
    CHECK(wire_name_problem(longest) != NULL && wire_tty_problem(longest) != NULL);
    CHECK(wire_tty_problem("/dev/pts/0") == NULL && wire_tty_problem(":0") == NULL && wire_tty_problem("") == NULL);
    CHECK(wire_encode_open(packet, "alice", "su", "pts/0\n") == 0);
}

int main(void)
{
    tap_case("Open has the bytes of the design", open_has_the_bytes_of_the_design);
    tap_case("Join has the bytes of the design", join_has_the_bytes_of_the_design);
    tap_case("replies are read back", replies_are_read_back);
    tap_case("every prefix and every extra byte is an error", every_prefix_and_every_extra_byte_is_an_error);
    tap_case("version and type must be known", version_and_type_must_be_known);
    tap_case("lengths are held to the packet", lengths_are_held_to_the_packet);
    tap_case("sessions are sixteen hexadecimal digits", sessions_are_sixteen_hexadecimal_digits);
    tap_case("text is UTF-8 without control characters", text_is_utf8_without_control_characters);
    tap_case("names that cannot be sent are found", names);
    return tap_end();
}
