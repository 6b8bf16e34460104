/* SPDX-License-Identifier: Apache-2.0 */
/* crowd: sessions by the hundred, each of a process of its own, of the users PREFIX0, PREFIX1...
 *
 *   crowd hold SERVICE PREFIX USERS SESSIONS               opens them all at once, of one user after the other, says what became of
 *                                                          them, and closes them when it has read a line
 *   crowd storm SERVICE PREFIX USERS SESSIONS SEED KILLED  one after the other, some at a time, of users by chance; KILLED of a hundred
 *                                                          are killed at a moment that chance chooses too; says what became of them */
#include <errno.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 6, LONGEST_MS = 20, STEP_US = 300 };

static const char *service, *prefix;
static ino_t host, *views; /* what each session of `hold` is in */

static int converse(int count, const struct pam_message **messages, struct pam_response **answers, void *data)
{
    (void)data;
    for (int i = 0; i < count; i++)
        fprintf(stderr, "%s\n", messages[i]->msg);
    *answers = calloc((size_t)count, sizeof **answers);
    return *answers == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static ino_t namespace(void)
{
    struct stat st;
    return stat("/proc/self/ns/mnt", &st) == 0 ? st.st_ino : 0;
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum result { DONE, REFUSED, LET_IN, NOT_CLOSED, RESULTS };
static const char *const words[RESULTS] = { "done", "refused", "let in", "not closed" };

static enum result open_session(unsigned user, pam_handle_t **h)
{
    static const struct pam_conv conversation = { .conv = converse };
    char name[64];

    snprintf(name, sizeof name, "%s%u", prefix, user);
    if (pam_start(service, name, &conversation, h) != PAM_SUCCESS || pam_open_session(*h, 0) != PAM_SUCCESS)
        return REFUSED;
    return namespace() == host ? LET_IN : DONE;
}

static enum result close_session(pam_handle_t *h)
{
    int rc = pam_close_session(h, 0);
    pam_end(h, rc);
    return rc == PAM_SUCCESS ? DONE : NOT_CLOSED;
}

static int compare(const void *a, const void *b)
{
    ino_t x = *(const ino_t *)a, y = *(const ino_t *)b;
    return x < y ? -1 : x > y;
}

static void hold(unsigned users, unsigned sessions)
{
    int answered[2], end[2];
    unsigned results[RESULTS] = { 0 }, distinct = 0;
    char c;

    views = mmap(NULL, sessions * sizeof *views, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (views == MAP_FAILED || pipe(answered) == -1 || pipe(end) == -1)
        give_up("crowd");
    for (unsigned i = 0; i < sessions; i++) {
        pid_t child = fork();
        if (child == -1)
            give_up("fork");
        if (child == 0) {
            pam_handle_t *h = NULL;
            close(end[1]);
            enum result result = open_session(i % users, &h);
            views[i] = result == DONE ? namespace() : 0;
            c = (char)result;
            if (write(answered[1], &c, 1) == 1 && read(end[0], &c, 1) == 0 && result == DONE)
                _exit(close_session(h));
            _exit(result);
        }
    }
    for (unsigned i = 0; i < sessions; i++) {
        if (read(answered[0], &c, 1) != 1)
            give_up("read");
        results[(int)c]++;
    }
    qsort(views, sessions, sizeof *views, compare);
    for (unsigned i = 0; i < sessions; i++)
        distinct += views[i] != 0 && (i == 0 || views[i] != views[i - 1]);
    printf("%u open in %u views, %u refused, %u let in\n", results[DONE], distinct, results[REFUSED], results[LET_IN]);
    fflush(stdout);
    while (read(0, &c, 1) == 1 && c != '\n')
        continue;
    close(end[1]);
    while (wait(NULL) > 0 || errno == EINTR)
        continue;
}

static void storm(unsigned users, unsigned sessions, unsigned seed, unsigned killed_of_hundred)
{
    struct {
        pid_t pid;
        long kill_at; /* 0: never */
    } at_once[AT_ONCE] = { 0 };
    unsigned results[RESULTS] = { 0 }, started = 0, ended = 0, killed = 0;

    srandom(seed);
    while (ended < sessions) {
        for (unsigned i = 0; i < AT_ONCE; i++) {
            int status;
            if (at_once[i].pid == 0 && started < sessions) {
                unsigned user = (unsigned)random() % users;
                long stays = random() % LONGEST_MS;
                bool killed_one = (unsigned)random() % 100 < killed_of_hundred;
                at_once[i].kill_at = killed_one ? now_ms() + random() % LONGEST_MS : 0;
                at_once[i].pid = fork();
                if (at_once[i].pid == -1)
                    give_up("fork");
                if (at_once[i].pid == 0) {
                    pam_handle_t *h = NULL;
                    enum result result = open_session(user, &h);
                    usleep((useconds_t)stays * 1000);
                    _exit(result == DONE ? close_session(h) : result);
                }
                started++;
            } else if (at_once[i].pid > 0) {
                if (at_once[i].kill_at != 0 && now_ms() >= at_once[i].kill_at) {
                    kill(at_once[i].pid, SIGKILL);
                    at_once[i].kill_at = 0;
                }
                if (waitpid(at_once[i].pid, &status, WNOHANG) != at_once[i].pid)
                    continue;
                at_once[i].pid = 0;
                ended++;
                if (WIFSIGNALED(status))
                    killed++;
                else
                    results[WEXITSTATUS(status) < RESULTS ? WEXITSTATUS(status) : REFUSED]++;
            }
        }
        usleep(STEP_US);
    }
    printf("%u killed", killed);
    for (int i = 0; i < RESULTS; i++)
        printf(", %u %s", results[i], words[i]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    bool holds = argc == 6 && strcmp(argv[1], "hold") == 0;

    if (!holds && (argc != 8 || strcmp(argv[1], "storm") != 0)) {
        fputs("usage: see the head of crowd.c\n", stderr);
        return 2;
    }
    service = argv[2];
    prefix = argv[3];
    host = namespace();
    if (holds)
        hold((unsigned)atoi(argv[4]), (unsigned)atoi(argv[5]));
    else
        storm((unsigned)atoi(argv[4]), (unsigned)atoi(argv[5]), (unsigned)atoi(argv[6]), (unsigned)atoi(argv[7]));
    return 0;
}
