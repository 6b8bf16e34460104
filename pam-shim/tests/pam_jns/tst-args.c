/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "tap.h"

static void defaults(void)
{
    struct options o = args_defaults();

    CHECK(strcmp(o.socket, "/run/jns/jnsd.sock") == 0);
    CHECK(strcmp(o.once, "/usr/sbin/jnsd") == 0);
    CHECK(o.timeout == 10);
    CHECK(!o.debug);
    CHECK(!o.allow_on_error);
}

/* Each option sets one field, and no other. */
static void each_option_differs_from_its_default(void)
{
    const struct options d = args_defaults();
    struct options o = d;

    CHECK(args_take(&o, "socket=/x/y") == NULL && strcmp(o.socket, "/x/y") == 0);
    o.socket = d.socket;
    CHECK(memcmp(&o, &d, sizeof o) == 0);
    CHECK(args_take(&o, "once=/x/z") == NULL && strcmp(o.once, "/x/z") == 0);
    CHECK(args_take(&o, "once=off") == NULL && o.once == NULL);
    o.once = d.once;
    CHECK(memcmp(&o, &d, sizeof o) == 0);
    CHECK(args_take(&o, "timeout=1") == NULL && o.timeout == 1);
    CHECK(args_take(&o, "timeout=300") == NULL && o.timeout == 300);
    CHECK(args_take(&o, "timeout=045") == NULL && o.timeout == 45);
    o.timeout = d.timeout;
    CHECK(memcmp(&o, &d, sizeof o) == 0);
    CHECK(args_take(&o, "debug") == NULL && o.debug);
    o.debug = d.debug;
    CHECK(memcmp(&o, &d, sizeof o) == 0);
    CHECK(args_take(&o, "on_error=allow") == NULL && o.allow_on_error);
    CHECK(args_take(&o, "on_error=deny") == NULL && !o.allow_on_error);
    CHECK(memcmp(&o, &d, sizeof o) == 0);
}

/* A malformed option changes nothing, and the message says what was expected. */
static void each_malformed_option_is_an_error(void)
{
    static const char *const bad[] = {
        "",
        "=",
        "debug=",
        "debug=yes",
        "Debug",
        " debug",
        "debug ",
        "nodebug",
        "socket",
        "socket=",
        "socket=/",
        "socket=run/x",
        "socket=/x/",
        "socket= /x",
        "SOCKET=/x",
        "sockets=/x",
        "timeout",
        "timeout=",
        "timeout=0",
        "timeout=000",
        "timeout=301",
        "timeout=1000",
        "timeout=-1",
        "timeout=+1",
        "timeout= 1",
        "timeout=1 ",
        "timeout=1s",
        "timeout=1.5",
        "timeout=0x1",
        "timeout=99999999999999999999",
        "on_error",
        "on_error=",
        "on_error=Allow",
        "on_error=allowed",
        "on_error=ignore",
        "on-error=allow",
        "once",
        "once=",
        "once=/",
        "once=jnsd",
        "once=/x/",
        "once=no",
        "once=Off",
        "use_first_pass",
    };
    const struct options d = args_defaults();

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct options o = d;
        const char *expected = args_take(&o, bad[i]);

        if (expected == NULL || strncmp(expected, "expected ", 9) != 0)
            printf("#   understood: '%s'\n", bad[i]);
        CHECK(expected != NULL && strncmp(expected, "expected ", 9) == 0);
        CHECK(memcmp(&o, &d, sizeof o) == 0);
    }
}

/* The kernel has 108 bytes for a socket's path with its NUL; exec has PATH_MAX. */
static void paths_that_are_too_long(void)
{
    struct options o = args_defaults();
    char text[5000];

    memset(text, 'x', sizeof text);
    memcpy(text, "socket=/", 8);
    text[7 + 107] = '\0';
    CHECK(args_take(&o, text) == NULL);
    text[7 + 107] = 'x';
    text[7 + 108] = '\0';
    CHECK(args_take(&o, text) != NULL);
    memset(text, 'x', sizeof text);
    memcpy(text, "once=/", 6);
    text[5 + 4095] = '\0';
    CHECK(args_take(&o, text) == NULL);
    text[5 + 4095] = 'x';
    text[5 + 4096] = '\0';
    CHECK(args_take(&o, text) != NULL);
}

int main(void)
{
    tap_case("options have the documented defaults", defaults);
    tap_case("each option differs from its default", each_option_differs_from_its_default);
    tap_case("each malformed option is an error", each_malformed_option_is_an_error);
    tap_case("paths that are too long are an error", paths_that_are_too_long);
    return tap_end();
}
