/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../common/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the bytes are, the decoder stays inside them; what it accepts is what it would have been given. */
__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_reply r;

    if (wire_decode_reply(data, size, &r) != NULL)
        return 0;
    size_t text = strlen(r.text), session = strlen(r.session);
    size_t expected = 2 + 2 + text + (r.type == WIRE_GRANTED ? 2 + session : 0);
    if (size != expected || size > WIRE_MAX || data[0] != WIRE_VERSION || data[1] != (uint8_t)r.type)
        abort();
    if (session != (r.type == WIRE_GRANTED ? WIRE_SESSION : 0))
        abort();
    if (memcmp(data + size - text, r.text, text) != 0)
        abort();
    for (size_t i = 0; i < text; i++)
        if ((unsigned char)r.text[i] < 0x20 || r.text[i] == 0x7f)
            abort();
    return 0;
}
