/* SPDX-License-Identifier: Apache-2.0 */
#include <security/pam_modules.h>
#include <unistd.h>

/* Below pam_jns.so in a stack. It leaves a call in the trace that nothing else makes, which shows that pam_jns.so has returned. */
__attribute__((visibility("default"))) int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)pamh;
    (void)flags;
    (void)argc;
    (void)argv;
    close(-12345);
    return PAM_SUCCESS;
}
