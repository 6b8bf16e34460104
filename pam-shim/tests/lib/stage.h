/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_STAGE_H
#define JNS_STAGE_H

#include <security/pam_appl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A temporary folder with a private PAM configuration, and a record of what the module logged and said. */

/* Makes the folder, which is removed with everything in it when the calling process ends. BUILD is the folder with pam_jns.so. */
void stage_set(const char *build);
const char *stage_dir(void);
const char *stage_path(const char *name); /* in the folder; good for the next 256 calls */
const char *stage_build(const char *name);

/* A PAM handle for USER whose session stack is the module with ARGS; TIMES of them, one below the other. */
pam_handle_t *stage_login(const char *user, const char *args);
pam_handle_t *stage_login_stack(const char *user, const char *stack);

/* Is there a line of LEVEL that has TEXT in it? And did the user see TEXT? */
bool stage_logged(int level, const char *text);
bool stage_said(const char *text);
bool stage_said_anything(void);
void stage_forget(void);
void stage_show(void);

ino_t stage_mnt_inode(void); /* of the calling thread */
int stage_count_fds(void);
long long stage_now_ms(void);

#endif
