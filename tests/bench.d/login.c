// SPDX-License-Identifier: Apache-2.0
//
// login: times PAM logins, several ways of logging in, in turn.
//
// A column is one way. Each round visits every column for a batch of logins, and every second round visits them in the
// opposite order, so that a machine that grows slower or faster during the run does so for all columns alike.
//
// Each login is a fresh child, as with sshd or su. One login that fails, or that is not isolated, ends the program with
// status 1: a fast login without isolation is no login.

#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_COLUMNS = 8, MAX_CLIENTS = 64 };

static const char usage_text[] =
    "usage: login [OPTION]... NAME=pam:SERVICE[@FILE] | NAME=new:SERVICE | NAME=join:SERVICE | NAME=exec:COMMAND ...\n"
    "Times logins through PAM services, and commands, in turn; prints one line a column, tab-separated:\n"
    "  row  column  unit  n  median  p90  p99  min  max\n"
    "\n"
    "  pam:SERVICE       one login of the next user through SERVICE\n"
    "  pam:SERVICE@FILE  the same, after --conf has been made a link to FILE (once a batch, not timed)\n"
    "  new:SERVICE       the same with an open session of each user, whose mount namespace no login may get\n"
    "  join:SERVICE      the same; each login must get the mount namespace of its user's open session\n"
    "  exec:COMMAND      start COMMAND (words are split at spaces), wait for its end\n"
    "\n"
    "  --row NAME        first field of the lines printed\n"
    "  --services DIR    folder of the PAM service files\n"
    "  --users A,B,...   users to log in, in turn\n"
    "  --rounds N --batch N   batches, and logins in each\n"
    "  --warmup N        logins of each column before anything counts\n"
    "  --pause MS        sleep before each login\n"
    "  --settle MS       sleep between batches (default 20)\n"
    "  --clients N       logins per second, with N clients at once, instead of microseconds\n"
    "  --close           the child closes its session before it exits (timed only with --clients)\n"
    "  --conf LINK       see FILE above\n";

enum views { ANY_VIEW, NEW_VIEW, SAME_VIEW };

struct column {
    const char *name;
    enum views views;
    ino_t held[MAX_USERS];                /* of the users' open sessions */
    pid_t holders[MAX_USERS];
    const char *service;                  /* pam, or NULL */
    const char *conf;                     /* pam: what --conf links to, or NULL */
    const char *words[MAX_WORDS + 1];     /* exec */
    double *samples;
    size_t count;
};

static struct {
    struct setting setting;
    const char *row, *conf;
    unsigned rounds, batch, warmup, pause_ms, settle_ms, clients;
    struct outcome *outcomes;             /* one a client */
    int end[2];                           /* a pipe; open sessions end with it */
} run = {.row = "login", .rounds = 1, .batch = 1, .settle_ms = 20};

static void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("login: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    session_unmark_host();
    exit(1);
}

static void sleep_ms(unsigned ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&t, &t) == -1 && errno == EINTR)
        ;
}

static void use_conf(const struct column *column)
{
    char new[4096];

    if (column->conf == NULL)
        return;
    snprintf(new, sizeof new, "%s.new", run.conf);
    if (symlink(column->conf, new) == -1 || rename(new, run.conf) == -1)
        die("cannot link %s to %s: %s", run.conf, column->conf, strerror(errno));
}

/* The proof that a join was one, and that a new view was new. */
static void judge(const struct column *column, unsigned user, struct outcome *outcome)
{
    bool same = outcome->view == column->held[user];

    if (!outcome->ok || column->views == ANY_VIEW || same == (column->views == SAME_VIEW))
        return;
    outcome->ok = false;
    snprintf(outcome->problem, sizeof outcome->problem, "%s", same ? "is in the view of the user's other session" : "is in a view of its own");
}

static void hold_sessions(struct column *column)
{
    struct outcome *outcome = &run.outcomes[0];

    for (unsigned user = 0; column->views != ANY_VIEW && user < run.setting.user_count; user++) {
        column->holders[user] = session_hold(&run.setting, column->service, user, run.end, outcome);
        if (!outcome->ok)
            die("row %s, column %s, the open session: %s", run.row, column->name, outcome->problem);
        column->held[user] = outcome->view;
    }
}

static void wait_for_holders(const struct column *column)
{
    for (unsigned user = 0; user < run.setting.user_count; user++)
        while (column->holders[user] > 0 && waitpid(column->holders[user], NULL, 0) == -1 && errno == EINTR)
            ;
}

static void one_after_another(struct column *column, unsigned logins, bool counts)
{
    static unsigned turn;
    struct outcome *outcome = &run.outcomes[0];

    use_conf(column);
    for (unsigned i = 0; i < logins; i++) {
        if (run.pause_ms > 0)
            sleep_ms(run.pause_ms);
        if (column->service != NULL) {
            unsigned user = turn++ % run.setting.user_count;
            session_login(&run.setting, column->service, user, outcome);
            judge(column, user, outcome);
        } else {
            session_command(column->words, outcome);
        }
        if (!outcome->ok)
            die("row %s, column %s, login %zu: %s", run.row, column->name, column->count + 1, outcome->problem);
        if (counts)
            column->samples[column->count++] = (double)outcome->ns / 1000;
    }
}

/* One client, in a process of its own; it starts when the other end of the pipe is closed. */
static void client(const struct column *column, unsigned number, unsigned logins, int gate)
{
    struct outcome *outcome = &run.outcomes[number];
    char byte;

    if (read(gate, &byte, 1) == -1)
        _exit(1);
    for (unsigned i = 0; i < logins; i++) {
        unsigned user = (number + i * run.clients) % run.setting.user_count;
        session_login(&run.setting, column->service, user, outcome);
        judge(column, user, outcome);
        if (!outcome->ok)
            _exit(1);
    }
    _exit(0);
}

static void all_at_once(struct column *column)
{
    pid_t clients[MAX_CLIENTS];
    unsigned each = run.batch / run.clients, broken = 0;
    int gate[2], status;

    use_conf(column);
    if (pipe2(gate, O_CLOEXEC) == -1)
        die("cannot make a pipe: %s", strerror(errno));
    for (unsigned i = 0; i < run.clients; i++) {
        clients[i] = fork();
        if (clients[i] == -1)
            die("cannot fork: %s", strerror(errno));
        if (clients[i] == 0) {
            close(gate[1]);
            client(column, i, each, gate[0]);
        }
    }
    close(gate[0]);
    sleep_ms(5); /* let the clients reach their gate */
    int64_t start = now_ns();
    close(gate[1]);
    for (unsigned i = 0; i < run.clients; i++) {
        while (waitpid(clients[i], &status, 0) == -1 && errno == EINTR)
            ;
        if (status != 0) {
            broken++;
            fprintf(stderr, "login: row %s, column %s, client %u: %s\n", run.row, column->name, i + 1,
                    run.outcomes[i].problem);
        }
    }
    int64_t taken = now_ns() - start;
    if (broken > 0)
        die("row %s, column %s: %u of %u clients failed", run.row, column->name, broken, run.clients);
    column->samples[column->count++] = (double)each * run.clients * 1e9 / (double)taken;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const struct column *column, double part)
{
    size_t rank = (size_t)ceil(part * (double)column->count);
    return column->samples[rank > 0 ? rank - 1 : 0];
}

static void print(struct column *column)
{
    bool rates = run.clients > 0;
    size_t n = rates ? column->count * (run.batch / run.clients) * run.clients : column->count;

    qsort(column->samples, column->count, sizeof *column->samples, by_value);
    printf("%s\t%s\t%s\t%zu\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", run.row, column->name, rates ? "logins/s" : "us", n,
           percentile(column, 0.5), percentile(column, 0.9), percentile(column, 0.99), column->samples[0],
           column->samples[column->count - 1]);
}

static void parse_column(struct column *column, char *text)
{
    char *what = strchr(text, '=');
    if (what == NULL)
        die("cannot read column '%s': expected NAME=pam:SERVICE or NAME=exec:COMMAND", text);
    *what++ = '\0';
    column->name = text;
    if (strncmp(what, "new:", 4) == 0)
        column->views = NEW_VIEW;
    else if (strncmp(what, "join:", 5) == 0)
        column->views = SAME_VIEW;
    if (column->views != ANY_VIEW || strncmp(what, "pam:", 4) == 0) {
        char *conf = strchr(what, '@');
        if (conf != NULL)
            *conf++ = '\0';
        column->service = strchr(what, ':') + 1;
        column->conf = conf;
        if (run.setting.user_count == 0 || run.setting.services == NULL)
            die("column %s logs users in; give --users and --services", column->name);
        if (conf != NULL && run.conf == NULL)
            die("column %s names a file; give --conf", column->name);
    } else if (strncmp(what, "exec:", 5) == 0) {
        size_t n = 0;
        for (char *word = strtok(what + 5, " "); word != NULL; word = strtok(NULL, " ")) {
            if (n == MAX_WORDS)
                die("column %s has more than %d words", column->name, MAX_WORDS);
            column->words[n++] = word;
        }
        if (n == 0 || run.clients > 0)
            die("column %s needs a command, and cannot be used with --clients", column->name);
    } else {
        die("cannot read column '%s': expected pam:, new:, join: or exec:, not '%s'", text, what);
    }
    column->samples = calloc((size_t)run.rounds * run.batch, sizeof *column->samples);
    if (column->samples == NULL)
        die("cannot allocate room for the samples");
}

static unsigned number(const char *text, const char *option)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value > 10000000)
        die("cannot read --%s '%s': expected a number", option, text);
    return (unsigned)value;
}

static void parse_users(char *text)
{
    struct setting *setting = &run.setting;
    for (char *name = strtok(text, ","); name != NULL; name = strtok(NULL, ",")) {
        if (setting->user_count == MAX_USERS)
            die("more than %d users", MAX_USERS);
        setting->users[setting->user_count++] = name;
    }
}

static void parse_options(int argc, char **argv)
{
    static const struct option known[] = {
        {"row", 1, 0, 'R'},     {"services", 1, 0, 'd'}, {"users", 1, 0, 'u'}, {"rounds", 1, 0, 'r'},
        {"batch", 1, 0, 'b'},   {"warmup", 1, 0, 'w'},   {"pause", 1, 0, 'p'}, {"settle", 1, 0, 's'},
        {"clients", 1, 0, 'c'}, {"close", 0, 0, 'x'},    {"conf", 1, 0, 'f'},  {"help", 0, 0, 'h'},
        {0, 0, 0, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'R': run.row = optarg; break;
        case 'd': run.setting.services = optarg; break;
        case 'f': run.conf = optarg; break;
        case 'u': parse_users(optarg); break;
        case 'r': run.rounds = number(optarg, "rounds"); break;
        case 'b': run.batch = number(optarg, "batch"); break;
        case 'w': run.warmup = number(optarg, "warmup"); break;
        case 'p': run.pause_ms = number(optarg, "pause"); break;
        case 's': run.settle_ms = number(optarg, "settle"); break;
        case 'c': run.clients = number(optarg, "clients"); break;
        case 'x': run.setting.close = true; break;
        case 'h': fputs(usage_text, stdout); exit(0);
        default: fputs(usage_text, stderr); exit(2);
        }
    }
    if (run.rounds == 0 || run.batch == 0 || run.clients > MAX_CLIENTS || run.clients > run.batch)
        die("--rounds and --batch must be at least 1, --clients at most %d and not above --batch", MAX_CLIENTS);
}

int main(int argc, char **argv)
{
    struct column columns[MAX_COLUMNS] = {0};

    parse_options(argc, argv);
    int count = argc - optind;
    if (count < 1 || count > MAX_COLUMNS)
        die("expected 1 to %d columns; see --help", MAX_COLUMNS);
    for (int i = 0; i < count; i++)
        parse_column(&columns[i], argv[optind + i]);

    /* Shared, for the children and the clients report through it. */
    run.outcomes = mmap(NULL, MAX_CLIENTS * sizeof *run.outcomes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                        -1, 0);
    if (run.outcomes == MAP_FAILED)
        die("cannot map shared memory: %s", strerror(errno));
    const char *wrong = session_mark_host();
    if (wrong != NULL)
        die("%s: %s", wrong, strerror(errno));

    if (pipe2(run.end, O_CLOEXEC) == -1)
        die("cannot make a pipe: %s", strerror(errno));
    for (int i = 0; i < count; i++)
        hold_sessions(&columns[i]);
    for (int i = 0; i < count && run.warmup > 0; i++)
        one_after_another(&columns[i], run.warmup, false);
    for (unsigned round = 0; round < run.rounds; round++) {
        for (int i = 0; i < count; i++) {
            struct column *column = &columns[round % 2 == 0 ? i : count - 1 - i];
            /* What the last batch left to clean up must not fall on this one. */
            sleep_ms(run.settle_ms);
            if (run.clients > 0)
                all_at_once(column);
            else
                one_after_another(column, run.batch, true);
        }
    }
    for (int i = 0; i < count; i++)
        print(&columns[i]);
    close(run.end[1]);
    for (int i = 0; i < count; i++)
        wait_for_holders(&columns[i]);
    session_unmark_host();
    return 0;
}
