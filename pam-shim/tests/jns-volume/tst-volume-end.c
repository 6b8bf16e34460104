/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"
#include "tap.h"

/* How a volume ends: when its program fails, when it is told to end, and when it never had an owner. */

static void what_hangs(void)
{
    struct call c = script("w", "trap '' TERM HUP INT; sleep 600 & echo begun; sleep 600");
    long begun = now_ms();

    c.limit = "1500";
    CHECK(refused(&c, "it has mounted nothing within 1500 ms\n0 begun\n"));
    c.flags = "-";
    CHECK(refused(&c, "it has not ended within 1500 ms\n0 begun\n"));
    c = script("w", "kill -STOP $$");
    c.limit = "400";
    CHECK(refused(&c, "it has mounted nothing within 400 ms"));
    c = script("cw", "");
    c.limit = "400";
    c.source = RAW;
    c.create[0] = PROGRAMS "script";
    make(PROGRAMS "script", "#!/bin/sh\nexec sleep 600\n", 0755, 0);
    CHECK(refused(&c, "no volume was made within 400 ms"));
    c = usual;
    c.limit = "400";
    c.program[1] = "silent";
    CHECK(refused(&c, "it has mounted something that does not answer within 400 ms"));
    CHECK(now_ms() - begun < SOON_MS);
}

/* A user-owned folder on a file system that never answers. */
static void folders_that_hang(void)
{
    struct call c = usual, dead = usual;

    dead.program[1] = "stubborn";
    CHECK(mounts(&dead));
    pid_t first = supervisor;
    long begun = now_ms();
    c.limit = "300";
    c.target = CLEAR "/x";
    run(&c);
    CHECK(has("its folders cannot be looked at within 300 ms") && now_ms() - begun < SOON_MS);
    c.target = RAW;
    c.source = CLEAR;
    run(&c);
    CHECK(has("its folders cannot be looked at within 300 ms") && !is_mounted(RAW));
    supervisor = first;
    CHECK(ends_when_told(ENDED_MS));
}

static void dies_at_once(void)
{
    struct call c = script("w", "echo wrong; exit 7");

    CHECK(refused(&c, "its exit status is 7\n0 wrong\n"));
    c = script("w", "kill -SEGV $$");
    CHECK(refused(&c, "it was ended by signal 11 (Segmentation fault)\n0 "));
    c = script("w", "exit 0");
    CHECK(refused(&c, "it has ended, and mounted nothing\n"));
    c = usual;
    c.program[1] = "vanish";
    CHECK(refused(&c, "it has ended, and serves nothing\n"));
    c.program[1] = "fail";
    CHECK(refused(&c, "its exit status is 3\n0 failed after all\n"));
    c.program[2] = RAW;
    c.program[1] = "serve";
    c.limit = "500";
    CHECK(refused(&c, "it has mounted nothing within 500 ms"));
}

/* Waits: a program that goes into the background may still have its first process, which ends by itself. */
static bool killed(const char *program)
{
    long until = now_ms() + SOON_MS;

    do {
        pid_t pid = child_of(supervisor, program);
        if (pid > 0)
            kill(pid, SIGKILL);
    } while (!nobody_left(20) && now_ms() < until);
    return nobody_left(0);
}

static void dies_later(void)
{
    struct stat st;

    CHECK(mounts(&usual));
    CHECK(killed("volume-program"));
    /* The dead mount keeps clear text out of the folder below. */
    CHECK(is_mounted(CLEAR) && stat(CLEAR, &st) < 0 && (errno == ENOTCONN || errno == EACCES));
    umount2(CLEAR, MNT_DETACH);
}

static void the_user_takes_it_away(void)
{
    CHECK(mounts(&usual));
    pid_t user = fork();
    if (user == 0) {
        if (setresgid(MALLORY, MALLORY, MALLORY) < 0 || setresuid(MALLORY, MALLORY, MALLORY) < 0)
            _exit(1);
        /* The supervisor is not hers to end. */
        if (kill(supervisor, SIGTERM) == 0 || errno != EPERM)
            _exit(2);
        execlp("fusermount3", "fusermount3", "-u", CLEAR, (char *)NULL);
        _exit(127);
    }
    int status;
    CHECK(waitpid(user, &status, 0) == user && status == 0);
    CHECK(!is_mounted(CLEAR) && nobody_left(SOON_MS));
}

static void told_to_end(void)
{
    struct call c = usual;
    long begun;

    c.program[1] = "stubborn";
    CHECK(mounts(&c));
    begun = now_ms();
    CHECK(ends_when_told(ENDED_MS) && now_ms() - begun >= 3000);
    CHECK(mounts(&usual));
    pid_t program = serving("volume-program");
    CHECK(program > 0 && kill(program, SIGSTOP) == 0 && ends_when_told(ENDED_MS));
    /* Somebody is still in it. */
    CHECK(mounts(&usual));
    int ready[2];
    char byte = 0;
    if (pipe2(ready, O_CLOEXEC) < 0)
        abort();
    pid_t user = fork();
    if (user == 0) {
        if (setresgid(MALLORY, MALLORY, MALLORY) < 0 || setresuid(MALLORY, MALLORY, MALLORY) < 0 || chdir(CLEAR) < 0
            || write(ready[1], &byte, 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    CHECK(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    kill(supervisor, SIGTERM);
    int status = -1;
    for (begun = now_ms(); waitpid(supervisor, &status, WNOHANG) == 0 && now_ms() < begun + ENDED_MS;)
        poll(NULL, 0, 10);
    CHECK(status == 0 && !is_mounted(CLEAR) && kill(user, SIGKILL) == 0 && nobody_left(SOON_MS));
}

/* The supervisor of a call that has not reported, once its script runs; 0 if it does not. */
static pid_t waiting_supervisor(void)
{
    for (long until = now_ms() + SOON_MS; now_ms() < until; poll(NULL, 0, 10)) {
        pid_t pid = child_of(getpid(), "jns-volume");
        if (pid > 0 && child_of(pid, "script") > 0)
            return pid;
    }
    return 0;
}

static void told_to_end_before_it_is_there(void)
{
    struct call c = script("w", "sleep 600 & sleep 600");

    c.limit = "60000";
    CHECK(start(&c) == 0);
    pid_t pid = waiting_supervisor();
    CHECK(pid > 0 && kill(pid, SIGTERM) == 0 && nobody_left(SOON_MS));
    CHECK(recv(far_end, report, sizeof report, 0) == 0);
    close(far_end);
}

static void goes_with_the_daemon(void)
{
    struct call c = script("w", "sleep 600 & sleep 600");

    c.limit = "60000";
    CHECK(start(&c) == 0);
    CHECK(waiting_supervisor() > 0);
    close(far_end);
    CHECK(nobody_left(SOON_MS));
    /* Mounted, and the daemon has not heard of it. */
    CHECK(start(&usual) == 0);
    struct pollfd p = { .fd = far_end, .events = POLLIN };
    CHECK(poll(&p, 1, 5000) == 1 && is_mounted(CLEAR));
    close(far_end);
    CHECK(nobody_left(SOON_MS) && !is_mounted(CLEAR));
}

/* Reported, and the daemon is killed before it has recorded the owner. */
static void goes_with_the_daemon_until_it_is_somebodys(void)
{
    struct call c = usual;

    c.flags = "kw";
    CHECK(start(&c) == 0);
    CHECK(recv(far_end, report, sizeof report, 0) > 0 && report[0] == '\n' && is_mounted(CLEAR));
    CHECK(!nobody_left(300) && is_mounted(CLEAR));
    close(far_end);
    CHECK(nobody_left(SOON_MS) && !is_mounted(CLEAR));
    CHECK(start(&c) == 0);
    ssize_t n = recv(far_end, report, sizeof report - 1, 0);
    report[n > 0 ? n : 0] = '\0';
    supervisor = (pid_t)atol(report + 1);
    CHECK(send(far_end, "", 1, MSG_NOSIGNAL) == 1);
    close(far_end);
    CHECK(!nobody_left(300) && is_mounted(CLEAR) && is_alive(supervisor));
    CHECK(ends_when_told(ENDED_MS));
}

/* Runs it as the user, in a separate process. */
static int as_mallory(const char *command)
{
    pid_t user = fork();
    int status = -1;

    if (user == 0) {
        if (setgroups(0, NULL) < 0 || setresgid(MALLORY, MALLORY, MALLORY) < 0 || setresuid(MALLORY, MALLORY, MALLORY) < 0)
            _exit(99);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(98);
    }
    waitpid(user, &status, 0);
    return status;
}

/* A volume from its making to the second login, and what must not open it. */
static void lives_with(struct call c, const char *config, const char *wrong)
{
    c.source = RAW;
    c.limit = "30000";
    c.flags = "pcw";
    password("Tr0ub4dor&3", 11);
    CHECK(mounts(&c));
    CHECK(as_mallory("echo clear text >" CLEAR "/file") == 0);
    /* Root, too, sees nothing. */
    CHECK(access(CLEAR "/file", F_OK) < 0 && errno == EACCES);
    CHECK(ends_when_told(SOON_MS));
    CHECK(as_mallory("! grep -r clear " HOME) == 0);
    CHECK(mounts(&c) && as_mallory("grep -q 'clear text' " CLEAR "/file") == 0);
    CHECK(killed(c.program[0] + strlen("/usr/bin/")) && is_mounted(CLEAR));
    umount2(CLEAR, MNT_DETACH);
    CHECK(mounts(&c));
    /* The way of libfuse to end it, while it is stopped. */
    pid_t program = serving(c.program[0] + strlen("/usr/bin/"));
    CHECK(program > 0 && kill(program, SIGSTOP) == 0 && ends_when_told(ENDED_MS));
    password("Tr0ub4dor&4", 11);
    CHECK(refused(&c, wrong));
    password("Tr0ub4dor&3", 11);
    CHECK(truncate(config, 100) == 0 || as_mallory("chmod u+w " RAW "/*") == 0);
    CHECK(truncate(config, 100) == 0 && refused(&c, "its exit status is "));
    CHECK(unlink(config) == 0 && refused(&c, "its exit status is "));
}

static void with_encfs(void)
{
    lives_with((struct call){ .ids = usual.ids,
                              .target = CLEAR,
                              .create = { "/usr/bin/encfs", "--standard", "--stdinpass", RAW, CLEAR },
                              .program = { "/usr/bin/encfs", "--stdinpass", "-c", RAW "/.encfs6.xml", RAW, CLEAR } },
               RAW "/.encfs6.xml", "password incorrect");
}

static void with_gocryptfs(void)
{
    lives_with((struct call){ .ids = usual.ids,
                              .target = CLEAR,
                              .create = { "/usr/bin/gocryptfs", "-q", "-init", "-scryptn", "10", RAW },
                              .program = { "/usr/bin/gocryptfs", "-q", RAW, CLEAR } },
               RAW "/gocryptfs.conf", "Password incorrect.");
}

static const struct volume_case cases[] = {
    { "what hangs is ended within its limit", what_hangs, NULL },
    { "folders that hang do not hang jns-volume", folders_that_hang, NULL },
    { "what dies at once leaves nothing", dies_at_once, NULL },
    { "a program that dies later ends jns-volume, and leaves the dead mount", dies_later, NULL },
    { "the user may unmount it, but not end jns-volume", the_user_takes_it_away, NULL },
    { "stubborn, stopped and busy programs are ended when jns-volume is told", told_to_end, NULL },
    { "told to end before it is mounted", told_to_end_before_it_is_there, NULL },
    { "when the daemon ends, so does everything, also with an unread report", goes_with_the_daemon, NULL },
    { "when the daemon ends before the volume has an owner, so does everything", goes_with_the_daemon_until_it_is_somebodys, NULL },
    { "a volume of encfs from its making on", with_encfs, "/usr/bin/encfs" },
    { "a volume of gocryptfs from its making on", with_gocryptfs, "/usr/bin/gocryptfs" },
};

int main(int argc, char **argv) { return run_cases(argc > 1 ? argv[1] : "build/plain", cases, sizeof cases / sizeof *cases); }
