/* SPDX-License-Identifier: Apache-2.0 */
#include "slots.h"

#include <stdlib.h>
#include <unistd.h>

#include "say.h"

int slot_get(const struct start *s, const char *number)
{
    return *number == '-' ? -1 : s->slot[strtoul(number, NULL, 10)];
}

int slot_need(const struct start *s, const char *number)
{
    int fd = slot_get(s, number);

    if (fd < 0)
        die("cannot use the answer: there is nothing in its slot %s", number);
    return fd;
}

void slot_put(struct start *s, const char *number, int fd)
{
    int *slot = &s->slot[strtoul(number, NULL, 10)];

    if (*slot >= 0)
        close(*slot);
    *slot = fd;
}
