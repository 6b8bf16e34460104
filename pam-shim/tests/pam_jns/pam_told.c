/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <security/pam_modules.h>
#include <string.h>
#include <unistd.h>

/* Asks nobody: it reads the password from the file that is its argument. MASK changes every byte there, so that a search for the password
 * in the memory of the program does not find the contents of the file. Without the file there is no password. */
enum { MASK = 0x80 };

__attribute__((visibility("default"))) int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    char password[1024] = "";
    int fd = argc == 1 ? open(argv[0], O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd < 0 ? -1 : read(fd, password, sizeof password - 1);

    (void)flags;
    for (ssize_t i = 0; i < n; i++)
        password[i] = (char)((unsigned char)password[i] ^ MASK);
    if (n >= 0)
        pam_set_item(pamh, PAM_AUTHTOK, password);
    explicit_bzero(password, sizeof password);
    if (fd >= 0)
        close(fd);
    return PAM_SUCCESS;
}

__attribute__((visibility("default"))) int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)pamh;
    (void)flags;
    (void)argc;
    (void)argv;
    return PAM_SUCCESS;
}
