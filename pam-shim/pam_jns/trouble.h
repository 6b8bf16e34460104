/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_TROUBLE_H
#define JNS_TROUBLE_H

#include <stdbool.h>

/* Why a session could not be isolated: in full for the log, and one phrase without paths for the person who logs in. */
struct trouble {
    const char *told;
    /* on_error=allow does not forgive it: the user who calls the login program can cause it, or the caller is not where it was. */
    bool is_final;
    char logged[640];
};

#define TOLD_SETUP "the session isolation is set up wrongly on this machine"
#define TOLD_ABSENT "the session isolation service is not available"
#define TOLD_LATE "the session isolation service did not answer in time"
#define TOLD_WRONG "the session isolation service gave a wrong answer"
#define TOLD_NAME "the user name cannot be used"
#define TOLD_THREAD "the login program called from a thread that cannot be isolated"
#define TOLD_ENTER "your view of the file system could not be entered"

/* TOLD must outlive T. "%m" in FORMAT is the errno of the call that failed. */
__attribute__((format(printf, 3, 4))) void trouble_set(struct trouble *t, const char *told, const char *format, ...);

#endif
