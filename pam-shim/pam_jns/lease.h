/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_LEASE_H
#define JNS_LEASE_H

#include <security/pam_modules.h>
#include <stdbool.h>

/* The connection to the daemon, kept with the PAM handle: as long as a process holds it, the session lives. */

/* Did this very process open a session of USER with PAMH, and not close it yet? */
bool lease_is_open(pam_handle_t *pamh, const char *user);

/* Takes CONNECTION over, also if it fails (-1): then it closes the connection. It forgets the lease that existed before. */
int lease_keep(pam_handle_t *pamh, const char *user, int connection);

/* Ends the session, if this very process opened it. */
void lease_end(pam_handle_t *pamh);

/* Forgets a lease whose session never began. */
void lease_drop(pam_handle_t *pamh);

#endif
