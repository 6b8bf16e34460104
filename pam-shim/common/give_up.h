/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JNS_GIVE_UP_H
#define JNS_GIVE_UP_H

/* In a child that was to become a program: tells the supervisor through the pipe TROUBLE why the program was not started, and ends. */
_Noreturn __attribute__((format(printf, 2, 3))) void give_up(int trouble, const char *format, ...);

#endif
