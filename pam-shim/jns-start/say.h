/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_START_SAY_H
#define JNS_START_SAY_H

enum { EXIT_OURS = 125, EXIT_NOT_RUN = 126, EXIT_NOT_FOUND = 127 };

/* From now on messages begin with PROGRAM, and FAILURE is the exit status if nothing was run. Before this call they are jnsenter and
 * 125. */
void say_as(const char *program, int failure);

/* Prints "PROGRAM: TEXT" on standard error. %m is the text of errno. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

int own_failure(void);

/* The same as complain, and ends with the status own_failure(). */
_Noreturn __attribute__((format(printf, 1, 2))) void die(const char *format, ...);

#endif
