/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_SECRET_H
#define JNS_SECRET_H

#include <security/pam_modules.h>
#include <stdbool.h>

enum { SECRET_MAX = 512 };

/* Keeps the password that another module asked USER for, until it is taken or the handle ends. Nothing that goes wrong here is
 * a reason to refuse a login: what needs the password will say that there is none. */
void secret_keep(pam_handle_t *pamh, const char *user, bool debug);

/* A pipe with the password of USER in it, and nothing more to come; -1 if there is none. It can be taken once. */
int secret_take(pam_handle_t *pamh, const char *user, bool debug);

#endif
