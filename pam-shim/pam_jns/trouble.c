/* SPDX-License-Identifier: Apache-2.0 */
#include "trouble.h"

#include <stdarg.h>
#include <stdio.h>

void trouble_set(struct trouble *t, const char *told, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(t->logged, sizeof t->logged, format, args);
    va_end(args);
    t->told = told;
    t->is_final = false;
}
