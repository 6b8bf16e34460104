/* SPDX-License-Identifier: Apache-2.0 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *program_name = "jnsenter";
static int failure = EXIT_OURS;

void say_as(const char *program, int status)
{
    program_name = program;
    failure = status;
}

int own_failure(void)
{
    return failure;
}

/* A terminal could take a part of a name as a command. */
__attribute__((format(printf, 1, 0))) static void say(const char *format, va_list arguments)
{
    char text[8192];
    int length = vsnprintf(text, sizeof text, format, arguments);

    for (int i = 0; i < length && text[i] != '\0'; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = '?';
    fprintf(stderr, "%s: %s\n", program_name, length < 0 ? "cannot say what is wrong" : text);
}

void complain(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

_Noreturn void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    exit(own_failure());
}
