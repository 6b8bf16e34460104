/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "fake.h"
#include "secret.h"
#include "stage.h"
#include "tap.h"

/* The way of the password from the auth entry to the daemon, and the places where it must not be afterwards. This program keeps it masked,
 * as does the file from which pam_told.so reads it: only the memory of the module holds it without the mask. */

enum { MASK = 0x80, LONGEST = 600 };

/* The address sanitizer's mlock(2) locks nothing. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

static unsigned char masked[LONGEST];
static size_t length;
static bool no_pipes;

/* The module's pipe2(2), as pam_syslog in the stage. */
__attribute__((visibility("default"))) int pipe2(int ends[2], int flags)
{
    if (no_pipes) {
        errno = EMFILE;
        return -1;
    }
    return (int)syscall(SYS_pipe2, ends, flags);
}

/* BYTES become the password that is asked for from now on. */
static void password(const unsigned char *bytes, size_t n)
{
    length = n;
    for (size_t i = 0; i < n; i++)
        masked[i] = bytes[i] ^ MASK;
    int fd = open(stage_path("told"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, masked, n) != (ssize_t)n)
        abort();
    close(fd);
}

/* Not in a literal, which would be one more place where it is found. */
static void usual_password(void)
{
    static const unsigned char usual[] = { 'p' ^ MASK, 'a' ^ MASK, 's' ^ MASK, 's' ^ MASK, ' ' ^ MASK,
                                           'w' ^ MASK, 'o' ^ MASK, 'r' ^ MASK, 'd' ^ MASK };
    unsigned char plain[sizeof usual];

    for (size_t i = 0; i < sizeof usual; i++)
        plain[i] = usual[i] ^ MASK;
    password(plain, sizeof plain);
    explicit_bzero(plain, sizeof plain);
}

static pam_handle_t *login_as(const char *user, const char *args, int times)
{
    char stack[6 * PATH_MAX], *at = stack;

    at += sprintf(at, "auth required %s %s\n", stage_build("pam_told.so"), stage_path("told"));
    for (int i = 0; i < times; i++)
        at += sprintf(at, "auth optional %s debug\nsession required %s %s\n", stage_build("pam_jns.so"), stage_build("pam_jns.so"), args);
    pam_handle_t *h = stage_login_stack(user, stack);
    pam_set_item(h, PAM_TTY, "pts/7");
    return h;
}

static pam_handle_t *login(const struct fake *f) { return login_as("alice", fake_args(f, "once=off timeout=1 debug"), 1); }

/* P: the password came, whole and alone; N: none; W: something else. */
static void look(int connection, int events)
{
    unsigned char got[LONGEST + 1];
    int fd = fake_read_passed(connection, events);
    size_t n = 0;

    if (fd < 0) {
        fake_tell(events, 'N');
        return;
    }
    for (ssize_t more; n < sizeof got && (more = read(fd, got + n, sizeof got - n)) > 0;)
        n += (size_t)more;
    bool same = n == length && fcntl(fd, F_GETPIPE_SZ) > 0;
    for (size_t i = 0; same && i < n; i++)
        same = (got[i] ^ MASK) == masked[i];
    fake_tell(events, same ? 'P' : 'W');
    close(fd);
}

static void look_and_let_in(int connection, int events)
{
    unsigned char packet[4096];

    look(connection, events);
    fake_send(connection, packet, fake_reason(packet, 0x82, "no rule is for alice"), NULL, 0);
    fake_await_end(connection, events);
}

static void look_and_grant(int connection, int events)
{
    unsigned char packet[4096];
    int ns = fake_namespace();

    look(connection, events);
    fake_send(connection, packet, fake_granted(packet, ""), &ns, 1);
    fake_await_end(connection, events);
}

static void die(int connection, int events)
{
    int fd = fake_read_passed(connection, events);

    fake_tell(events, fd >= 0 ? 'P' : 'N');
    close(fd);
}

/* One login, and what the daemon saw of its password. */
static void expect(char wanted)
{
    struct fake f = fake_start(look_and_let_in, 0);
    pam_handle_t *h = login(&f);

    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    int fds = stage_count_fds();
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, wanted, SOON_MS));
    CHECK(stage_count_fds() == fds);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void every_byte_arrives(void)
{
    unsigned char bytes[255];

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i + 1);
    password(bytes, sizeof bytes);
    expect('P');
    for (unsigned i = 1; i < 256; i++) {
        memset(bytes, (int)i, 9);
        password(bytes, 9);
        if (i % 16 == 10 || i == 0x80 || i == 1)
            expect('P');
    }
}

static void as_long_as_it_may_be(void)
{
    unsigned char bytes[SECRET_MAX];

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i % 255 + 1);
    password(bytes, sizeof bytes);
    expect('P');
    password(bytes, 1);
    expect('P');
}

static void longer_is_none(void)
{
    unsigned char bytes[SECRET_MAX + 1];

    memset(bytes, 'x', sizeof bytes);
    password(bytes, sizeof bytes);
    expect('N');
    CHECK(stage_logged(LOG_WARNING, "cannot keep the password: it is longer than 512 bytes"));
}

static void empty_is_none(void)
{
    password((const unsigned char *)"", 0);
    expect('N');
}

static void nobody_asked(void)
{
    unlink(stage_path("told"));
    expect('N');
    CHECK(!stage_logged(LOG_WARNING, ""));
}

/* A key: sshd(8) opens the session of a handle that was never authenticated. */
static void not_authenticated(void)
{
    usual_password();
    struct fake f = fake_start(look_and_let_in, 0);
    pam_handle_t *h = login(&f);

    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'N', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

static void twice_in_a_stack(void)
{
    usual_password();
    struct fake f = fake_start(look_and_grant, 0);
    pam_handle_t *h = login_as("alice", fake_args(&f, "once=off"), 2);

    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS && pam_setcred(h, PAM_ESTABLISH_CRED) == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(fake_event(&f, 'P', SOON_MS) && !fake_event(&f, 'N', 100));
    CHECK(pam_close_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* The next session of the same handle has none: the password was given away. */
static void once_only(void)
{
    usual_password();
    struct fake f = fake_start(look_and_let_in, 0);
    pam_handle_t *h = login(&f);

    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'P', SOON_MS));
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'N', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* As login(1) does when the first was wrong. */
static void the_last_one_counts(void)
{
    password((const unsigned char *)"right", 5);
    struct fake f = fake_start(look_and_let_in, 0);
    password((const unsigned char *)"wrong", 5);
    pam_handle_t *h = login(&f);
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    password((const unsigned char *)"right", 5);
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'P', SOON_MS));
    /* After a handle that asked for none there is none. */
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    unlink(stage_path("told"));
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'N', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* sudo(8): the password is the caller's, the session another user's. */
static void another_users_is_not_handed_over(void)
{
    usual_password();
    struct fake f = fake_start(look_and_let_in, 0);
    pam_handle_t *h = login_as("bob", fake_args(&f, "once=off debug"), 1);

    pam_set_item(h, PAM_TTY, "pts/7");
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    CHECK(pam_set_item(h, PAM_USER, "alice") == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'N', SOON_MS));
    /* Not later either. */
    CHECK(pam_set_item(h, PAM_USER, "bob") == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'N', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* The daemon dies after it has read the request: the daemon for this one login gets the same. */
static void once_gets_it_too(void)
{
    char args[2 * PATH_MAX], command[3 * PATH_MAX];
    const char *program = stage_path("once-password");
    usual_password();
    struct fake f = fake_start(die, 0);

    snprintf(command, sizeof command, "exec cp '%s' '%s'", stage_build("once-helper"), program);
    CHECK(system(command) == 0);
    snprintf(args, sizeof args, "socket=%s once=%s", stage_path("absent"), program);
    pam_handle_t *h = login_as("alice", args, 1);
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    pam_end(h, PAM_SUCCESS);

    snprintf(args, sizeof args, "once=%s", program);
    h = login_as("alice", fake_args(&f, args), 1);
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'P', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* This entry never decides the result, whatever its options. */
static void authentication_is_not_ours(void)
{
    static const char *const stacks[] = {
        "auth required pam_permit.so\nauth required %s\n",
        "auth required pam_permit.so\nauth requisite %s bogus socket=x\n",
        "auth required %s debug\nauth required pam_permit.so\n",
    };
    char stack[2 * PATH_MAX];

    for (size_t i = 0; i < sizeof stacks / sizeof *stacks; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(stack, sizeof stack, stacks[i], stage_build("pam_jns.so"));
#pragma GCC diagnostic pop
        pam_handle_t *h = stage_login_stack("alice", stack);
        CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
        CHECK(pam_setcred(h, PAM_ESTABLISH_CRED) == PAM_SUCCESS);
        pam_end(h, PAM_SUCCESS);
    }
    CHECK(stage_logged(LOG_ERR, "cannot use option 'bogus'"));
    snprintf(stack, sizeof stack, "auth required pam_deny.so\nauth optional %s\n", stage_build("pam_jns.so"));
    pam_handle_t *h = stage_login_stack("alice", stack);
    CHECK(pam_authenticate(h, 0) == PAM_AUTH_ERR);
    pam_end(h, PAM_SUCCESS);
}

static void without_a_pipe_there_is_none(void)
{
    usual_password();
    struct fake f = fake_start(look_and_let_in, 0);
    pam_handle_t *h = login(&f);

    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    no_pipes = true;
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'N', SOON_MS));
    no_pipes = false;
    CHECK(stage_logged(LOG_WARNING, "cannot hand over the password: Too many open files"));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* Like a program without the right to lock memory, and with a limit of 0. */
static void memory_that_cannot_be_locked(void)
{
    const struct rlimit none = { 0, 0 };
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2];

    CHECK(setrlimit(RLIMIT_MEMLOCK, &none) == 0);
    CHECK(syscall(SYS_capget, &header, data) == 0);
    data[0].effective &= ~(1U << CAP_IPC_LOCK);
    CHECK(syscall(SYS_capset, &header, data) == 0);
    usual_password();
    expect('P');
    CHECK(SANITIZED || stage_logged(LOG_DEBUG, "cannot keep the password out of the swap"));
    CHECK(!stage_logged(LOG_WARNING, ""));
}

static size_t occurrences_in(const unsigned char *bytes, size_t n)
{
    size_t found = 0;

    for (size_t i = 0; i + length <= n; i++) {
        size_t same = 0;

        while (same < length && (bytes[i + same] ^ MASK) == masked[same])
            same++;
        found += same == length;
    }
    return found;
}

/* How often the password is in this process's memory. */
static size_t occurrences(void)
{
    enum { PART = 1 << 20, HUGE_GB = 1 };
    static unsigned char part[PART];
    char line[512];
    size_t found = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;

        /* The memory of the sanitizers is larger than everything else, and never holds the password. */
        if (sscanf(line, "%lx-%lx r", &from, &to) != 2 || to - from > HUGE_GB * (1UL << 30))
            continue;
        for (unsigned long at = from; at < to; at += PART - LONGEST) {
            ssize_t n = pread(memory, part, to - at < PART ? to - at : PART, (off_t)at);

            /* What is read is found once more, where it was read into. */
            if (n > 0 && !(at < (unsigned long)(part + PART) && (unsigned long)part < at + (unsigned long)n))
                found += occurrences_in(part, (size_t)n);
            explicit_bzero(part, sizeof part);
        }
    }
    if (maps != NULL)
        fclose(maps);
    close(memory);
    return found;
}

static void wiped_when_it_was_sent(void)
{
    usual_password();
    struct fake f = fake_start(look_and_grant, 0);
    pam_handle_t *h = login_as("alice", fake_args(&f, "once=off"), 1);

    CHECK(occurrences() == 0);
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    CHECK(occurrences() == 1);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS);
    CHECK(occurrences() == 0);
    pam_close_session(h, 0);
    pam_end(h, PAM_SUCCESS);
    CHECK(occurrences() == 0);
    fake_stop(&f);
}

static void wiped_with_the_handle(void)
{
    usual_password();
    pam_handle_t *h = login_as("alice", "once=off", 1);

    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS && occurrences() == 1);
    pam_end(h, PAM_AUTH_ERR);
    CHECK(occurrences() == 0);
}

/* A child that ends its copy of the handle, as those of su and login do, has wiped its own copy and no other. */
static void a_child_wipes_its_own(void)
{
    int status;
    usual_password();
    struct fake f = fake_start(look_and_let_in, 0);
    pam_handle_t *h = login(&f);

    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    pid_t child = fork();
    if (child == 0) {
        size_t before = occurrences();
        pam_end(h, PAM_SUCCESS | PAM_DATA_SILENT);
        _exit(before == 1 && occurrences() == 0 ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(occurrences() == 1);
    CHECK(pam_open_session(h, 0) == PAM_SUCCESS && fake_event(&f, 'P', SOON_MS));
    pam_end(h, PAM_SUCCESS);
    fake_stop(&f);
}

/* Its pages are locked, and left out of core dumps: proc_pid_smaps(5), VmFlags. */
static void kept_from_swap_and_core(void)
{
    char line[512];
    bool locked = false, left_out = false;
    usual_password();
    pam_handle_t *h = login_as("alice", "once=off", 1);
    CHECK(pam_authenticate(h, 0) == PAM_SUCCESS);
    FILE *maps = fopen("/proc/self/smaps", "re");

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        if (strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " lo") != NULL) {
            locked = true;
            left_out = strstr(line, " dd") != NULL;
        }
    CHECK(SANITIZED || (locked && left_out));
    if (maps != NULL)
        fclose(maps);
    pam_end(h, PAM_SUCCESS);
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    { "every byte but NUL arrives", every_byte_arrives },
    { "512 bytes arrive, and one", as_long_as_it_may_be },
    { "513 bytes are no password, and that is logged", longer_is_none },
    { "an empty password is none", empty_is_none },
    { "where nobody asked there is none", nobody_asked },
    { "without authentication there is none", not_authenticated },
    { "twice in a stack it is sent once", twice_in_a_stack },
    { "it is given away once", once_only },
    { "the last one that was asked for counts", the_last_one_counts },
    { "another user's is not handed over", another_users_is_not_handed_over },
    { "a daemon for one login gets it, also after a daemon that died", once_gets_it_too },
    { "the result of the authentication is never changed", authentication_is_not_ours },
    { "without a pipe there is none, and a login", without_a_pipe_there_is_none },
    { "memory that cannot be locked is no reason to refuse", memory_that_cannot_be_locked },
    { "it is wiped when it was sent", wiped_when_it_was_sent },
    { "it is wiped with the handle", wiped_with_the_handle },
    { "a child wipes its own copy", a_child_wipes_its_own },
    { "it is locked in memory and left out of core dumps", kept_from_swap_and_core },
};

int main(int argc, char **argv)
{
    stage_set(argc > 1 ? argv[1] : "build/plain");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (geteuid() != 0)
            tap_skip(cases[i].name, "only root can be the daemon and enter namespaces");
        else
            tap_case(cases[i].name, cases[i].run);
    return tap_end();
}
