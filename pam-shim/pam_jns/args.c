/* SPDX-License-Identifier: Apache-2.0 */
#include "args.h"

#include <limits.h>
#include <string.h>
#include <sys/un.h>

struct options args_defaults(void)
{
    return (struct options){ .socket = "/run/jns/jnsd.sock", .once = "/usr/sbin/jnsd", .timeout = 10 };
}

static const char *value_of(const char *arg, const char *key)
{
    size_t n = strlen(key);

    return strncmp(arg, key, n) == 0 ? arg + n : NULL;
}

/* A path that can name a file: absolute, not "/", and without a slash at its end. */
static bool is_file_path(const char *path, size_t size)
{
    size_t n = strlen(path);

    return path[0] == '/' && n > 1 && n < size && path[n - 1] != '/';
}

static const char *take_timeout(struct options *o, const char *text)
{
    unsigned seconds = 0;
    size_t n = strlen(text);

    if (n < 1 || n > 3 || strspn(text, "0123456789") != n)
        return "expected timeout=SECONDS, 1 to 300";
    for (; *text != '\0'; text++)
        seconds = seconds * 10 + (unsigned)(*text - '0');
    if (seconds < 1 || seconds > 300)
        return "expected timeout=SECONDS, 1 to 300";
    o->timeout = seconds;
    return NULL;
}

const char *args_take(struct options *o, const char *arg)
{
    const char *value;

    if (strcmp(arg, "debug") == 0) {
        o->debug = true;
        return NULL;
    }
    if ((value = value_of(arg, "socket=")) != NULL) {
        if (!is_file_path(value, sizeof((struct sockaddr_un *)0)->sun_path))
            return "expected socket=/PATH of at most 107 bytes";
        o->socket = value;
        return NULL;
    }
    if ((value = value_of(arg, "timeout=")) != NULL)
        return take_timeout(o, value);
    if ((value = value_of(arg, "on_error=")) != NULL) {
        if (strcmp(value, "allow") != 0 && strcmp(value, "deny") != 0)
            return "expected on_error=deny or on_error=allow";
        o->allow_on_error = strcmp(value, "allow") == 0;
        return NULL;
    }
    if ((value = value_of(arg, "once=")) != NULL) {
        bool off = strcmp(value, "off") == 0;

        if (!off && !is_file_path(value, PATH_MAX))
            return "expected once=/PATH or once=off";
        o->once = off ? NULL : value;
        return NULL;
    }
    return "expected one of socket= timeout= debug on_error= once=";
}
