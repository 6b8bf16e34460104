/* SPDX-License-Identifier: Apache-2.0 */
/* commands ROUNDS COMMAND...: times shell words that are commands, turn by turn, from spawn to end. Prints for each the median and the
 * 99th percentile in microseconds. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { MOST_WORDS = 16, MOST_COMMANDS = 8, MOST_ROUNDS = 10000 };

static double times[MOST_COMMANDS][MOST_ROUNDS];

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double run(char **words)
{
    struct timespec begin, end;
    int status;
    pid_t child;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    if (posix_spawn(&child, words[0], NULL, NULL, words, environ) != 0 || waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "commands: %s does not end well\n", words[0]);
        exit(1);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (double)(end.tv_sec - begin.tv_sec) * 1e6 + (double)(end.tv_nsec - begin.tv_nsec) / 1e3;
}

int main(int argc, char **argv)
{
    char *words[MOST_COMMANDS][MOST_WORDS + 1] = { 0 };
    int rounds = argc > 2 ? atoi(argv[1]) : 0, commands = argc - 2;

    if (rounds < 1 || rounds > MOST_ROUNDS || commands > MOST_COMMANDS)
        return 2;
    for (int i = 0; i < commands; i++) {
        int n = 0;

        for (char *word = strtok(argv[i + 2], " "); word != NULL && n < MOST_WORDS; word = strtok(NULL, " "))
            words[i][n++] = word;
    }
    for (int round = -rounds / 10; round < rounds; round++)
        for (int i = 0; i < commands; i++) {
            double took = run(words[i]);

            if (round >= 0)
                times[i][round] = took;
        }
    for (int i = 0; i < commands; i++) {
        qsort(times[i], (size_t)rounds, sizeof **times, compare);
        printf("%.0f %.0f\n", times[i][rounds / 2], times[i][rounds * 99 / 100]);
    }
    return 0;
}
