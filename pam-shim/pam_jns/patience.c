/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: docs/decisions/30-waiting-for-the-daemon.md */
#include "patience.h"

#include <security/pam_modutil.h>
#include <string.h>

#include "deadline.h"

enum { SOON_MS = 1000 };

struct patience patience_begin(pam_handle_t *pamh, const char *user, unsigned seconds)
{
    struct patience p = { .pamh = pamh, .user = user, .deadline = deadline_after(seconds) };
    int half = (int)seconds * 500;

    p.soon = deadline_after_ms(half < SOON_MS ? half : SOON_MS);
    if (strcmp(user, "root") == 0) {
        p.deadline = p.soon;
        p.decided = true;
    }
    return p;
}

bool patience_lasts(struct patience *p)
{
    if (!p->decided && patience_is_root(p->pamh, p->user))
        p->deadline = p->soon;
    p->decided = true;
    return deadline_left_ms(&p->deadline) > 0;
}

bool patience_is_root(pam_handle_t *pamh, const char *user)
{
    if (strcmp(user, "root") == 0)
        return true;
    if (user[0] == '\0')
        return false;
    const struct passwd *pw = pam_modutil_getpwnam(pamh, user);
    return pw != NULL && pw->pw_uid == 0;
}
