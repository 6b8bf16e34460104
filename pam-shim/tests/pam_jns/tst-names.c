/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "fake.h"
#include "stage.h"
#include "tap.h"

/* What the module decides before it asks anyone; none of it needs root. */

static void unfit_names_never_reach_the_daemon(void)
{
    static const char *const bad[] = { ".", "..", "a/b", "../../etc", "-x", "a\nb", "\x1b[2J", "caf\xe9" };
    char too_long[302];

    memset(too_long, 'x', 301);
    too_long[301] = '\0';
    struct fake f = fake_start(fake_not_isolated, geteuid());
    for (size_t i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
        const char *name = i < sizeof bad / sizeof bad[0] ? bad[i] : too_long;
        pam_handle_t *h = stage_login(name, fake_args(&f, "once=off"));

        stage_forget();
        CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
        CHECK(stage_logged(LOG_ERR, "cannot use the user name: it "));
        CHECK(stage_said("jns: your session was refused: the user name cannot be used; ask your administrator"));
        pam_end(h, PAM_SUCCESS);
    }
    CHECK(!fake_event(&f, 'A', 200));
    fake_stop(&f);
}

static void the_name_is_not_written_to_the_log(void)
{
    pam_handle_t *h = stage_login("x\nFORGED", "once=off");

    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, "a user whose name cannot be shown"));
    pam_end(h, PAM_SUCCESS);
}

static void an_unfit_terminal_is_refused(void)
{
    pam_handle_t *h = stage_login("alice", "once=off");

    pam_set_item(h, PAM_TTY, "pts/0\n");
    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, "cannot use the name of the terminal: it has a control character"));
    pam_end(h, PAM_SUCCESS);
}

static void bad_options_refuse_whatever_else_the_line_says(void)
{
    static const char *const bad[] = { "bogus",
                                       "debug=1",
                                       "timeout=0",
                                       "timeout=301",
                                       "socket=x",
                                       "once=x",
                                       "on_error=maybe",
                                       "on_error=allow bogus",
                                       "bogus on_error=allow" };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        pam_handle_t *h = stage_login("alice", bad[i]);

        stage_forget();
        CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
        CHECK(stage_logged(LOG_ERR, "cannot use option '"));
        CHECK(stage_said("set up wrongly"));
        pam_end(h, PAM_SUCCESS);

        h = stage_login("root", bad[i]);
        stage_forget();
        CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
        CHECK(stage_logged(LOG_ERR, "cannot use option '"));
        CHECK(stage_logged(LOG_WARNING, "uid 0 is always let in"));
        pam_end(h, PAM_SUCCESS);
    }
}

static void every_bad_option_of_a_line_is_logged(void)
{
    pam_handle_t *h = stage_login("alice", "one debug two timeout=5 three=3");

    CHECK(pam_open_session(h, 0) == PAM_SYSTEM_ERR);
    CHECK(stage_logged(LOG_ERR, "'one'") && stage_logged(LOG_ERR, "'two'") && stage_logged(LOG_ERR, "'three=3'"));
    pam_end(h, PAM_SUCCESS);
}

static void silent_says_nothing(void)
{
    pam_handle_t *h = stage_login("alice", "bogus");

    CHECK(pam_open_session(h, PAM_SILENT) == PAM_SYSTEM_ERR);
    CHECK(!stage_said_anything());
    pam_end(h, PAM_SUCCESS);
}

static void auth_is_left_to_others(void)
{
    char stack[9000];

    snprintf(stack, sizeof stack, "auth required %s\nauth required pam_permit.so\n", stage_build("pam_jns.so"));
    pam_handle_t *h = stage_login_stack("alice", stack);
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    CHECK(pam_setcred(h, PAM_ESTABLISH_CRED) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
    snprintf(stack, sizeof stack, "auth required %s\n", stage_build("pam_jns.so"));
    h = stage_login_stack("alice", stack);
    CHECK(pam_authenticate(h, 0) != PAM_SUCCESS); /* alone it lets nobody in */
    pam_end(h, PAM_SUCCESS);
}

static void close_without_open_is_success(void)
{
    pam_handle_t *h = stage_login("alice", "bogus");

    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
}

int main(int argc, char **argv)
{
    stage_set(argc > 1 ? argv[1] : "build/plain");
    tap_case("unfit names never reach the daemon", unfit_names_never_reach_the_daemon);
    tap_case("an unfit name is not written to the log", the_name_is_not_written_to_the_log);
    tap_case("an unfit terminal is refused", an_unfit_terminal_is_refused);
    tap_case("bad options refuse whatever else the line says, except for root", bad_options_refuse_whatever_else_the_line_says);
    tap_case("every bad option of a line is logged", every_bad_option_of_a_line_is_logged);
    tap_case("PAM_SILENT says nothing to the user", silent_says_nothing);
    tap_case("authentication is left to others", auth_is_left_to_others);
    tap_case("close without open is success", close_without_open_is_success);
    return tap_end();
}
