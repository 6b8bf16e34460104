/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_TAP_H
#define JNS_TAP_H

#include <stdbool.h>

/* Fails the running case, prints the place and the text of the condition, and continues. */
#define CHECK(condition) tap_check((condition), #condition, __FILE__, __LINE__)
void tap_check(bool good, const char *text, const char *file, int line);
bool tap_failing(void);

/* Runs CASE in a separate process, which may enter namespaces, start threads and die. */
void tap_case(const char *name, void (*run)(void));
void tap_skip(const char *name, const char *why);

/* Prints the counts; the exit status of the program. */
int tap_end(void);

#endif
