/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_SECRET_H
#define JNS_SECRET_H

#include <security/pam_modules.h>
#include <stdbool.h>

enum { SECRET_MAX = 512 };

/* Keeps the password that another module asked USER for, until it is taken or the handle ends. A failure here is no reason to refuse a
 * login: what needs the password will report that there is none. */
void secret_keep(pam_handle_t *pamh, const char *user, bool debug);

/* A pipe that holds the password of USER, and whose other end is closed; -1 if there is no password. It can be taken once. */
int secret_take(pam_handle_t *pamh, const char *user, bool debug);

#endif
