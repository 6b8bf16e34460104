/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake.h"
#include "stage.h"
#include "tap.h"
#include "wire.h"

/* jns-join, built to ask at "join.sock" in its working folder. It is run as nobody, with the capabilities that its file has
 * where it is installed. */

enum { NOBODY = 65534, SHELL = 5 };

struct result {
    int status; /* the exit status, or the negative number of a signal */
    char output[4096];
};

static const char *const usual[] = { "jns-join", "view", "", "/bin/sh", "sh", "-c", NULL };

/* Ambient capabilities survive a change of ids, and execve(2) keeps them, capabilities(7). */
static void become_nobody(void)
{
    static const int caps[] = { CAP_DAC_OVERRIDE, CAP_SYS_ADMIN, CAP_SYS_CHROOT };
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct set[2] = { { 0, 0, 0 }, { 0, 0, 0 } };

    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
        set[0].permitted |= 1U << caps[i];
    set[0].inheritable = set[0].effective = set[0].permitted;
    if (prctl(PR_SET_KEEPCAPS, 1) < 0 || setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0
        || setresuid(NOBODY, NOBODY, NOBODY) < 0 || syscall(SYS_capset, &header, set) < 0)
        _exit(98);
    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, caps[i], 0, 0) < 0)
            _exit(97);
}

/* SIGTERM goes to the program when it has said that. */
static const char *terminate_on;

static struct result run_with(const char *const *argv, char *const *environment, void (*before)(void))
{
    struct result r = { .status = -99 };
    int out[2], status;
    size_t length = 0;
    ssize_t n;

    if (pipe2(out, O_CLOEXEC) < 0)
        abort();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (chdir(stage_dir()) < 0 || dup2(out[1], 1) < 0 || dup2(out[1], 2) < 0)
            _exit(96);
        if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
            _exit(94);
        become_nobody();
        if (before != NULL)
            before();
        execve(stage_build("jns-join-here"), (char *const *)argv, environment);
        _exit(95);
    }
    close(out[1]);
    while (length < sizeof r.output - 1 && (n = read(out[0], r.output + length, sizeof r.output - 1 - length)) > 0) {
        length += (size_t)n;
        r.output[length] = '\0';
        if (terminate_on != NULL && strstr(r.output, terminate_on) != NULL) {
            terminate_on = NULL;
            kill(child, SIGTERM);
        }
    }
    r.output[length] = '\0';
    close(out[0]);
    if (child > 0 && waitpid(child, &status, 0) == child)
        r.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return r;
}

static struct result run(const char *script)
{
    char *const environment[] = { (char[]){ "PATH=/usr/bin:/bin" }, (char[]){ "LD_LIBRARY_PATH=/mine" }, (char[]){ "EMPTY=" }, NULL };
    const char *argv[sizeof usual / sizeof *usual + 1];

    memcpy(argv, usual, sizeof usual);
    argv[SHELL + 1] = script;
    argv[SHELL + 2] = NULL;
    return run_with(argv, environment, NULL);
}

static bool said(const struct result *r, const char *text)
{
    bool found = strstr(r->output, text) != NULL;

    if (!found)
        printf("#   said: %s\n", r->output);
    return found;
}

static struct fake start(fake_serve *serve, uid_t uid)
{
    struct fake f = fake_start(serve, uid);

    if (rename(f.socket, stage_path("join.sock")) < 0)
        abort();
    return f;
}

static void read_join(int connection, int events)
{
    unsigned char packet[WIRE_MAX], expected[WIRE_MAX];
    ssize_t n = recv(connection, packet, sizeof packet, 0);
    size_t len = wire_encode_join(expected, "view", "");

    fake_tell(events, n == (ssize_t)len && memcmp(packet, expected, len) == 0 ? 'R' : '?');
}

static void joined(int connection, const char *warning, const int *fds, size_t count)
{
    unsigned char packet[WIRE_MAX];

    fake_send(connection, packet, fake_reason(packet, WIRE_JOINED, warning), fds, count);
}

static void grant(int connection, int events)
{
    int fd = fake_namespace();

    read_join(connection, events);
    joined(connection, "", &fd, 1);
}

static void it_runs_the_command_in_the_view_with_nothing(void)
{
    char command[512];
    struct fake f = start(grant, 0);

    snprintf(command, sizeof command,
             "ls %s; echo $LD_LIBRARY_PATH${EMPTY-unset}; grep -E '^(Cap(Inh|Prm|Eff|Amb)|Uid|Groups)' /proc/self/status; ls /proc/self/fd "
             "| wc -l; pwd",
             stage_path("shadow"));
    struct result r = run(command);
    CHECK(r.status == 0 && fake_event(&f, 'R', SOON_MS));
    CHECK(said(&r, "mark\n/mine\n"));
    CHECK(said(&r, "Uid:\t65534\t65534\t65534\t65534\n"));
    CHECK(said(&r, "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000\n"));
    CHECK(said(&r, "\n4\n") && said(&r, stage_dir()));
    fake_stop(&f);
}

static void the_exit_status_is_the_commands(void)
{
    struct fake f = start(grant, 0);
    const char *const missing[] = { "jns-join", "view", "", "/nowhere", "x", NULL };
    const char *const folder[] = { "jns-join", "view", "", "/", "x", NULL };
    char *const none[] = { NULL };

    CHECK(run("exit 7").status == 7);
    CHECK(run("kill -TERM $$").status == -SIGTERM);
    CHECK(run_with(missing, none, NULL).status == 127);
    CHECK(run_with(folder, none, NULL).status == 126);
    fake_stop(&f);
}

static void close_standard(void)
{
    close(0);
    close(1);
    close(2);
}

static void closed_descriptors_are_not_the_connection(void)
{
    struct fake f = start(grant, 0);
    char *const none[] = { NULL };
    char command[512];
    const char *argv[] = { "jns-join", "view", "", "/bin/sh", "sh", "-c", command, NULL };

    snprintf(command, sizeof command, "read x; echo $x >&2; ls %s/mark && exit 5", stage_path("shadow"));
    /* The program is given none of them, and nothing else opens in their places. */
    CHECK(run_with(argv, none, close_standard).status != 0);
    CHECK(fake_event(&f, 'R', SOON_MS));
    fake_stop(&f);
}

static void usage_is_the_only_thing_it_reads_of_its_arguments(void)
{
    char *const none[] = { NULL };
    char longest[400];
    const char *const few[][5] = { { "jns-join", NULL }, { "jns-join", "--help", NULL }, { "jns-join", "view", "", "/bin/true", NULL } };

    for (size_t i = 0; i < sizeof few / sizeof *few; i++) {
        struct result r = run_with(few[i], none, NULL);
        CHECK(r.status == 125 && said(&r, "usage: jns-join"));
    }
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    struct fake f = start(grant, 0);
    const char *const bad[][3] = { { "-view", "", "" }, { "", "", "" },         { "a/b", "", "" },   { "view", longest, "" },
                                   { longest, "", "" }, { "view", "\xff", "" }, { "vi\new", "", "" } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *const argv[] = { "jns-join", bad[i][0], bad[i][1], "/bin/echo", "echo", "ran", NULL };
        struct result r = run_with(argv, none, NULL);
        CHECK(r.status == 125 && said(&r, "cannot ask for that view"));
    }
    fake_stop(&f);
}

static void nobody_answers(void)
{
    struct result r = run("echo ran");

    CHECK(r.status == 125 && said(&r, "cannot connect to join.sock: ") && said(&r, "; jnsd does not run\n"));
}

static void refuse(int connection, int events)
{
    unsigned char packet[WIRE_MAX];

    read_join(connection, events);
    fake_send(connection, packet, fake_reason(packet, WIRE_REFUSED, "no view of yours is open"), NULL, 0);
}

static void somebody_else_answers(void)
{
    struct fake f = start(refuse, NOBODY);
    struct result r = run("echo ran");

    CHECK(r.status == 125 && said(&r, "uid 0 does not listen there") && strstr(r.output, "ran") == NULL);
    fake_stop(&f);
}

static void a_refusal_is_told(void)
{
    struct fake f = start(refuse, 0);
    struct result r = run("echo ran");

    CHECK(r.status == 125 && strcmp(r.output, "jns-join: no view of yours is open\n") == 0);
    fake_stop(&f);
}

/* What a wrong or hostile daemon could answer, one for each connection. */
static int wrong_answers;

enum { WRONG_ANSWERS = 17 };

static void answer_wrongly(int connection, int events)
{
    unsigned char packet[WIRE_MAX];
    int good = fake_namespace(), file = open("/", O_RDONLY | O_CLOEXEC), other;
    int user = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC), uts = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
    int two[] = { good, good }, after[] = { good, file }, first[] = { uts, good }, with_user[] = { good, user };
    int many[] = { good, uts, uts, uts, uts, uts, uts, uts, uts };
    size_t n = fake_reason(packet, WIRE_JOINED, "");

    read_join(connection, events);
    switch (wrong_answers++) {
    case 0: joined(connection, "", NULL, 0); break;
    case 1: joined(connection, "", &file, 1); break;
    case 2: joined(connection, "", two, 2); break;
    case 3: joined(connection, "", after, 2); break;
    case 4: joined(connection, "", first, 2); break;
    case 5: joined(connection, "", &uts, 1); break;
    case 6: joined(connection, "", with_user, 2); break;
    case 7: joined(connection, "", many, 8); break;
    case 8: joined(connection, "", many, 9); break;
    case 9: fake_send(connection, packet, n - 1, &good, 1); break;
    case 10: fake_send(connection, packet, n + 1, &good, 1); break;
    case 11: fake_send(connection, packet, fake_granted(packet, ""), &good, 1); break;
    case 12: fake_send(connection, packet, fake_reason(packet, WIRE_HOST, "why"), &good, 1); break;
    case 13: fake_send(connection, packet, 0, NULL, 0); break;
    case 14: break; /* the end of the connection */
    case 15: fake_send(connection, packet, fake_reason(packet, WIRE_REFUSED, ""), NULL, 0); break;
    default: /* the last one, because nothing else can be made from inside of that user namespace */
        other = fake_foreign_namespace();
        joined(connection, "", &other, 1);
        fake_tell(events, 'F');
        break;
    }
    close(file);
    close(user);
    close(uts);
}

static void no_wrong_answer_runs_anything(void)
{
    struct fake f = start(answer_wrongly, 0);

    for (int i = 0; i < WRONG_ANSWERS; i++) {
        struct result r = run("echo ran");
        bool good = r.status == 125 && strstr(r.output, "ran\n") == NULL
            && strncmp(r.output, "jns-join: cannot use the answer: ", i == 13 || i == 14 ? 10 : 33) == 0;
        if (!good)
            printf("#   answer %d: status %d, %s\n", i, r.status, r.output);
        CHECK(good);
    }
    CHECK(fake_event(&f, 'F', SOON_MS));
    fake_stop(&f);
}

/* xorshift64: the same bytes in every run. */
static uint64_t state = 88172645463325252ULL;

static unsigned below(unsigned limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % limit);
}

static void answer_noise(int connection, int events)
{
    unsigned char packet[WIRE_MAX];
    int fd = fake_namespace();
    size_t n = fake_reason(packet, below(2) != 0 ? WIRE_JOINED : WIRE_REFUSED, "some text of the answer");

    read_join(connection, events);
    for (unsigned i = 0; i <= below(3); i++)
        packet[below((unsigned)n)] = (unsigned char)below(256);
    fake_send(connection, packet, below(4) == 0 ? below((unsigned)n) : n, &fd, below(2));
}

static void noise_runs_the_command_or_ends_it(void)
{
    struct fake f = start(answer_noise, 0);
    unsigned ran = 0;

    for (int i = 0; i < 150; i++) {
        struct result r = run("echo ran");
        bool did = r.status == 0 && strstr(r.output, "ran\n") != NULL;
        CHECK(did || (r.status == 125 && strncmp(r.output, "jns-join: ", 10) == 0));
        ran += did;
    }
    CHECK(ran < 100);
    fake_stop(&f);
}

static void noisy_arguments_reach_the_command_alone(void)
{
    struct fake f = start(refuse, 0);

    for (int i = 0; i < 150; i++) {
        char words[8][24], assignments[4][24];
        const char *argv[9] = { "jns-join" };
        char *environment[5] = { NULL };
        unsigned count = below(8);

        for (unsigned w = 0; w < count; w++) {
            unsigned length = below(sizeof *words);
            for (unsigned c = 0; c < length; c++)
                words[w][c] = (char)(1 + below(255));
            words[w][length] = '\0';
            argv[w + 1] = words[w];
        }
        for (unsigned e = 0; e < 4; e++) {
            for (unsigned c = 0; c < sizeof *assignments - 1; c++)
                assignments[e][c] = (char)(1 + below(255));
            assignments[e][sizeof *assignments - 1] = '\0';
            environment[e] = assignments[e];
        }
        argv[count + 1 > 8 ? 8 : count + 1] = NULL;
        struct result r = run_with(argv, environment, NULL);
        CHECK(r.status == 125 && strncmp(r.output, "jns-join: ", 10) == 0);
    }
    fake_stop(&f);
}

static void with_pids(int connection, int events)
{
    int fds[2] = { fake_namespace(), -1 };

    read_join(connection, events);
    /* Its first process stays as long as this one. */
    if (unshare(CLONE_NEWPID) < 0)
        _exit(94);
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    fds[1] = open("/proc/self/ns/pid_for_children", O_RDONLY | O_CLOEXEC);
    joined(connection, "careful", fds, 2);
    poll(NULL, 0, 500);
}

static void a_pid_namespace_is_entered_by_a_child(void)
{
    struct fake f = start(with_pids, 0);
    struct result r = run("echo $$; exit 9");

    CHECK(r.status == 9 && said(&r, "jns-join: careful\n2\n"));
    fake_stop(&f);
}

static void ignore_children(void) { signal(SIGCHLD, SIG_IGN); }

static void a_caller_who_ignores_its_children_gets_the_status(void)
{
    struct fake f = start(with_pids, 0);
    char *const none[] = { NULL };
    const char *const ends[] = { "jns-join", "view", "", "/bin/sh", "sh", "-c", "exit 9", NULL };
    const char *const looks[] = { "jns-join", "view", "", "/bin/grep", "grep", "SigIgn", "/proc/self/status", NULL };

    CHECK(run_with(ends, none, ignore_children).status == 9);
    fake_stop(&f);
    f = start(with_pids, 0);
    /* The command finds SIGCHLD as the caller has it, whatever else this test was started with. */
    struct result r = run_with(looks, none, ignore_children);
    unsigned long long ignored = 0;
    CHECK(r.status == 0 && sscanf(r.output, "jns-join: careful\nSigIgn: %llx", &ignored) == 1 && (ignored >> (SIGCHLD - 1) & 1) == 1);
    fake_stop(&f);
}

static void a_signal_reaches_the_command(void)
{
    struct fake f = start(with_pids, 0);

    terminate_on = "ready\n";
    struct result r = run("trap 'echo got it; exit 3' TERM; echo ready; while :; do sleep 0.1; done");
    CHECK(r.status == 3 && said(&r, "ready\ngot it\n"));
    fake_stop(&f);
}

static void without_capabilities_it_says_so(void)
{
    struct fake f = start(grant, 0);
    char *const none[] = { NULL };
    const char *const argv[] = { "jns-join", "view", "", "/bin/echo", "echo", "ran", NULL };

    CHECK(chmod(stage_path("join.sock"), 0600) == 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (chdir(stage_dir()) < 0 || dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2) < 0)
            _exit(96);
        int program = open(stage_build("jns-join-here"), O_PATH);
        if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
            _exit(98);
        syscall(SYS_execveat, program, "", argv, none, AT_EMPTY_PATH);
        _exit(95);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 125);
    CHECK(!fake_event(&f, 'A', 100));
    fake_stop(&f);
}

int main(int argc, char **argv)
{
    if (argc != 2 || geteuid() != 0) {
        fprintf(stderr, "usage: tst-join BUILD, as root\n");
        return 2;
    }
    stage_set(argv[1]);
    tap_case("the command runs in the view, with no capability and one environment", it_runs_the_command_in_the_view_with_nothing);
    tap_case("the exit status is the command's", the_exit_status_is_the_commands);
    tap_case("closed descriptors do not become the connection", closed_descriptors_are_not_the_connection);
    tap_case("its arguments are counted and passed on", usage_is_the_only_thing_it_reads_of_its_arguments);
    tap_case("nobody answers", nobody_answers);
    tap_case("somebody else than root answers", somebody_else_answers);
    tap_case("a refusal is told", a_refusal_is_told);
    tap_case("no wrong answer runs anything", no_wrong_answer_runs_anything);
    tap_case("noise in an answer runs the command in the view or nothing", noise_runs_the_command_or_ends_it);
    tap_case("noise in arguments and environment runs nothing", noisy_arguments_reach_the_command_alone);
    tap_case("a PID namespace is entered by a child", a_pid_namespace_is_entered_by_a_child);
    tap_case("[A6] a caller that ignores its children gets the status", a_caller_who_ignores_its_children_gets_the_status);
    tap_case("[A6] a signal reaches the command", a_signal_reaches_the_command);
    tap_case("without capabilities nothing is asked", without_capabilities_it_says_so);
    return tap_end();
}
