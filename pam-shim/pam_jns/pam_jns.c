/* SPDX-License-Identifier: Apache-2.0 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <string.h>
#include <syslog.h>

#include "args.h"
#include "client.h"
#include "deadline.h"
#include "enter.h"
#include "fd.h"
#include "lease.h"
#include "once.h"
#include "patience.h"
#include "secret.h"

#define EXPORTED __attribute__((visibility("default")))

enum outcome {
    ISOLATED,
    NOT_ISOLATED,  /* the session gets no view, for example because no rule applies, and it is where it belongs */
    REFUSED,       /* by the daemon; on_error=allow may forgive it */
    FAILED,        /* anything else that on_error=allow may forgive */
    UNTRUSTED,     /* something that it does not forgive: a wrong peer, a wrong descriptor */
    MISCONFIGURED, /* nor this: the meaning of the line in /etc/pam.d is unknown */
};

static enum outcome read_options(pam_handle_t *pamh, int argc, const char **argv, struct options *o, struct trouble *t)
{
    enum outcome result = ISOLATED;

    *o = args_defaults();
    for (int i = 0; i < argc; i++) {
        const char *expected = args_take(o, argv[i]);

        if (expected == NULL)
            continue;
        pam_syslog(pamh, LOG_ERR, "cannot use option '%s': %s; correct the line of pam_jns.so", argv[i], expected);
        trouble_set(t, TOLD_SETUP, "cannot use option '%s': %s", argv[i], expected);
        result = MISCONFIGURED;
    }
    return result;
}

static const char *text_item(pam_handle_t *pamh, int item)
{
    const void *value = NULL;

    return pam_get_item(pamh, item, &value) == PAM_SUCCESS && value != NULL ? value : "";
}

/* False if its names cannot be sent. */
static bool make_request(pam_handle_t *pamh, const char *user, struct question *q, struct trouble *t)
{
    const char *service = text_item(pamh, PAM_SERVICE), *tty = text_item(pamh, PAM_TTY);
    const char *problem;

    if ((problem = wire_name_problem(user)) != NULL)
        trouble_set(t, TOLD_NAME, "cannot use the user name: it %s", problem);
    else if ((problem = wire_name_problem(service)) != NULL)
        trouble_set(t, TOLD_SETUP, "cannot use the service name: it %s", problem);
    else if ((problem = wire_tty_problem(tty)) != NULL)
        trouble_set(t, TOLD_SETUP, "cannot use the name of the terminal: it %s", problem);
    q->password = -1;
    q->len = wire_encode_open(q->packet, user, service, tty);
    return q->len != 0;
}

static enum outcome outcome_of(enum ask asked)
{
    return asked == ASK_HOSTILE ? UNTRUSTED : FAILED;
}

/* Waits for the answer, for uid 0 less long than for others. */
static enum ask await(struct patience *p, int *connection, struct answer *a, struct trouble *t)
{
    enum ask asked = client_receive(connection, &p->soon, a, t);

    if (asked == ASK_LATE && patience_lasts(p))
        asked = client_receive(connection, &p->deadline, a, t);
    fd_close(connection);
    return asked;
}

static enum ask ask_once(pam_handle_t *pamh, const char *program, const struct question *q, struct patience *p, struct answer *a,
                         struct trouble *t)
{
    struct once daemon;
    enum ask asked;

    if (once_start(program, &daemon, t) < 0)
        return ASK_FAILED;
    asked = client_send(&daemon.connection, q, &p->deadline, t);
    if (asked == ASK_DONE)
        asked = await(p, &daemon.connection, a, t);
    if (asked == ASK_DONE) {
        if (once_is_in_cgroup(&daemon))
            pam_syslog(pamh, LOG_NOTICE,
                       "%s --once runs in the cgroup of its caller, who can stop it there: the cgroups cannot be "
                       "written from here; start jnsd",
                       program);
        once_release(&daemon);
        return asked;
    }
    once_kill(&daemon);
    if (asked == ASK_NOBODY)
        trouble_set(t, TOLD_ABSENT, "cannot read the answer: %s --once ended without one", program);
    return asked;
}

/* ASK_NOBODY also if the daemon runs but does not serve. Closing the connection withdraws the request: the daemon checks that before it
 * builds anything, and again with its answer. */
static enum ask ask_daemon(const struct options *o, const struct question *q, struct patience *p, struct answer *a, struct trouble *t)
{
    int connection;
    enum ask asked = client_connect(o->socket, &p->soon, &connection, t);

    if (asked == ASK_LATE && o->once == NULL && patience_lasts(p))
        asked = client_connect(o->socket, &p->deadline, &connection, t);
    if (asked == ASK_DONE)
        asked = client_send(&connection, q, &p->deadline, t);
    if (asked != ASK_DONE)
        return asked == ASK_LATE ? ASK_NOBODY : asked;
    asked = client_receive(&connection, &p->soon, a, t);
    if (asked == ASK_LATE && o->once != NULL && !client_is_taken(connection)) {
        fd_close(&connection);
        trouble_set(t, TOLD_LATE, "cannot ask jnsd: it does not take the request, because it is stopped, starting or overloaded");
        return ASK_NOBODY;
    }
    return asked == ASK_LATE ? await(p, &connection, a, t) : asked;
}

/* Asks the daemon first; if there is none, or one that does not listen, a daemon for this one login, within the same limit. */
static enum ask ask_for_view(pam_handle_t *pamh, const struct options *o, const struct question *q, struct patience *p, struct answer *a,
                             struct trouble *t)
{
    enum ask asked = ask_daemon(o, q, p, a, t);

    if (asked != ASK_NOBODY || o->once == NULL)
        return asked;
    if (deadline_left_ms(&p->soon) == 0 && !patience_lasts(p))
        return ASK_FAILED;
    pam_syslog(pamh, LOG_NOTICE, "%s; starting %s --once for this session", t->logged, o->once);
    return ask_once(pamh, o->once, q, p, a, t);
}

/* First comes everything that can fail, log or allocate. The last call moves the caller. */
static enum outcome enter_granted(pam_handle_t *pamh, int flags, const struct options *o, const char *user, struct answer *a,
                                  const struct timespec *deadline, struct trouble *t)
{
    enum check checked = enter_check(&a->namespaces, t);

    if (checked != CHECK_GOOD) {
        namespaces_close(&a->namespaces);
        fd_close(&a->lease);
        return checked == CHECK_HOSTILE ? UNTRUSTED : FAILED;
    }
    if (lease_keep(pamh, user, a->lease) < 0) {
        trouble_set(t, TOLD_ENTER, "cannot keep the session's connection: %m");
        namespaces_close(&a->namespaces);
        return FAILED;
    }
    if (a->reply.text[0] != '\0') {
        pam_syslog(pamh, LOG_WARNING, "session %s of %s: %s", a->reply.session, user, a->reply.text);
        /* PAM_ERROR_MSG, which su(1) and others print on stderr: on stdout it would be mixed with what a command prints. */
        if (((unsigned)flags & PAM_SILENT) == 0)
            pam_error(pamh, "jns: %s", a->reply.text);
    }
    if (o->debug)
        pam_syslog(pamh, LOG_DEBUG, "session %s of %s: entering its namespaces", a->reply.session, user);
    if (enter_namespaces(pamh, &a->namespaces, deadline, t) < 0) {
        lease_drop(pamh);
        return FAILED;
    }
    return ISOLATED;
}

/* The session gets no view, but the caller is in one, for example that of another user. There is no lease, because nothing has to be
 * removed when this session ends. */
static enum outcome enter_host(pam_handle_t *pamh, const struct options *o, const char *user, struct answer *a,
                               const struct timespec *deadline, struct trouble *t)
{
    enum check checked = enter_check(&a->namespaces, t);

    if (checked != CHECK_GOOD) {
        namespaces_close(&a->namespaces);
        return checked == CHECK_HOSTILE ? UNTRUSTED : FAILED;
    }
    int here = enter_is_here(a->namespaces.fd[0], t);
    if (here != 0) {
        namespaces_close(&a->namespaces);
        return here > 0 ? NOT_ISOLATED : FAILED;
    }
    if (o->debug)
        pam_syslog(pamh, LOG_DEBUG, "session of %s is not isolated: %s; entering the host's mount namespace", user, a->reply.text);
    return enter_namespaces(pamh, &a->namespaces, deadline, t) < 0 ? FAILED : NOT_ISOLATED;
}

static enum outcome open_for(pam_handle_t *pamh, int flags, const struct options *o, const char *user, struct answer *a, struct trouble *t)
{
    struct question q;

    if (!make_request(pamh, user, &q, t))
        return FAILED;
    /* Before the daemon builds anything: a view that nobody can enter is not worth a mount. */
    if (!enter_is_main_thread()) {
        trouble_set(t, TOLD_THREAD,
                    "cannot isolate the session: pam_open_session was called from a thread other than "
                    "the main one, and the session would stay outside");
        return FAILED;
    }
    struct patience patience = patience_begin(pamh, user, o->timeout);
    q.password = secret_take(pamh, user, o->debug);
    enum ask asked = ask_for_view(pamh, o, &q, &patience, a, t);
    fd_close(&q.password);
    if (asked != ASK_DONE)
        return outcome_of(asked);
    switch (a->reply.type) {
    case WIRE_GRANTED: return enter_granted(pamh, flags, o, user, a, &patience.deadline, t);
    case WIRE_NOT_ISOLATED:
        if (o->debug)
            pam_syslog(pamh, LOG_DEBUG, "session of %s is not isolated: %s", user, a->reply.text);
        return NOT_ISOLATED;
    case WIRE_HOST: return enter_host(pamh, o, user, a, &patience.deadline, t);
    default: trouble_set(t, a->reply.text, "refused by the daemon: %s", a->reply.text); return REFUSED;
    }
}

/* The number of descriptors that a login needs at most at one time. The user who calls su decides how many there can be. */
static bool has_descriptors(void)
{
    enum { NEEDED = 24 };
    int fds[NEEDED], count = 0;

    while (count < NEEDED && (fds[count] = open("/", O_PATH | O_CLOEXEC)) >= 0)
        count++;
    bool enough = count == NEEDED || errno != EMFILE;
    while (count > 0)
        fd_close(&fds[--count]);
    return enough;
}

static bool is_forgiven(const struct options *o, enum outcome outcome, const struct trouble *t)
{
    return o->allow_on_error && (outcome == REFUSED || outcome == FAILED) && !t->is_final && has_descriptors();
}

/* The one table from outcomes to PAM codes. PAM_SESSION_ERR is not in it: sudo takes that code as harmless and runs the command without
 * isolation. */
static int settle(pam_handle_t *pamh, int flags, const struct options *o, const char *user, enum outcome outcome, const struct trouble *t)
{
    /* A name that cannot be sent could forge a line in the log as well. */
    const char *shown = wire_name_problem(user) == NULL ? user : "a user whose name cannot be shown";

    if (outcome == ISOLATED || outcome == NOT_ISOLATED)
        return PAM_SUCCESS;
    if (patience_is_root(pamh, user)) {
        pam_syslog(pamh, LOG_WARNING, "session of %s is not isolated: %s; uid 0 is always let in", shown, t->logged);
        return PAM_SUCCESS;
    }
    if (is_forgiven(o, outcome, t)) {
        pam_syslog(pamh, LOG_WARNING, "session of %s is not isolated: %s; let in by on_error=allow", shown, t->logged);
        return PAM_SUCCESS;
    }
    pam_syslog(pamh, LOG_ERR, "session of %s refused: %s", shown, t->logged);
    if (((unsigned)flags & PAM_SILENT) == 0)
        pam_error(pamh, "jns: your session was refused: %s; ask your administrator", t->told);
    return PAM_SYSTEM_ERR;
}

EXPORTED int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    struct options o;
    struct trouble t;
    struct answer a; /* lives here: a trouble may point into its text */
    const char *user = NULL;
    enum outcome outcome = read_options(pamh, argc, argv, &o, &t);

    if (pam_get_user(pamh, &user, NULL) != PAM_SUCCESS || user == NULL)
        user = "";
    if (outcome == MISCONFIGURED)
        return settle(pamh, flags, &o, user, outcome, &t);
    if (lease_is_open(pamh, user)) {
        if (o.debug)
            pam_syslog(pamh, LOG_DEBUG, "the session is open already: the module is twice in this stack");
        return PAM_SUCCESS;
    }
    outcome = open_for(pamh, flags, &o, user, &a, &t);
    return outcome == ISOLATED ? PAM_SUCCESS : settle(pamh, flags, &o, user, outcome, &t);
}

EXPORTED int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)flags;
    (void)argc;
    (void)argv;
    lease_end(pamh);
    return PAM_SUCCESS;
}

EXPORTED int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    struct options o;
    struct trouble t;

    (void)flags;
    /* This logs a wrong option, which is no reason to refuse the authentication: the entry for the session refuses the login if
     * necessary. */
    (void)read_options(pamh, argc, argv, &o, &t);
    /* Not pam_get_user(3), which would ask for a name if no other module has done so. */
    secret_keep(pamh, text_item(pamh, PAM_USER), o.debug);
    return PAM_IGNORE;
}

EXPORTED int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)pamh;
    (void)flags;
    (void)argc;
    (void)argv;
    return PAM_IGNORE;
}
