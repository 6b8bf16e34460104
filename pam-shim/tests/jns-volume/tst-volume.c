/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rig.h"
#include "tap.h"

/* How a volume is mounted, and what its program gets. */

static void mounted_and_taken_away(void)
{
    size_t size;

    CHECK(mounts(&usual));
    CHECK(strstr(content("/proc/self/mountinfo", &size), "never") == NULL);
    CHECK(!nobody_left(0) && is_alive(supervisor));
    CHECK(ends_when_told(SOON_MS));
}

static void in_the_foreground(void)
{
    struct call c = usual;

    c.program[1] = "stay";
    CHECK(mounts(&c));
    /* The rest of its output is read too: it would stop otherwise. */
    poll(NULL, 0, 300);
    CHECK(strlen(report) <= 1020 && ends_when_told(SOON_MS));
}

static void targets(void)
{
    struct call c = usual;

    c.target = HOME "/link";
    CHECK(symlink("clear", HOME "/link") == 0 && refused(&c, "/mnt/home/link is a symbolic link; it must be a folder that the user owns"));
    c.target = HOME "/file";
    make(HOME "/file", "", 0600, MALLORY);
    CHECK(refused(&c, "/mnt/home/file is no folder"));
    c.target = HOME "/roots";
    folder(HOME "/roots", 0, 0755);
    CHECK(refused(&c, "/mnt/home/roots belongs to uid 0, expected 4711"));
    c.target = HOME "/closed";
    folder(HOME "/closed", 0, 0700);
    CHECK(refused(&c, "/mnt/home/closed: Permission denied"));
    c.target = HOME "/full";
    folder(HOME "/full", MALLORY, 0700);
    make(HOME "/full/.hidden", "", 0600, MALLORY);
    CHECK(refused(&c, "/mnt/home/full is not empty"));
    c.target = HOME "/fifo";
    CHECK(mkfifo(HOME "/fifo", 0666) == 0 && refused(&c, "/mnt/home/fifo is no folder"));
    c.target = HOME "/none/x";
    CHECK(refused(&c, "/mnt/home/none: No such file or directory"));
    c.target = HOME "/absent";
    CHECK(refused(&c, "/mnt/home/absent does not exist; make it, or set create = yes"));
    c.target = HOME "/closed/x";
    c.flags = "cw";
    CHECK(refused(&c, "Permission denied"));
}

static void what_is_missing_is_made(void)
{
    struct call c = usual;
    struct stat st;

    c.flags = "cw";
    c.source = HOME "/new";
    rmdir(CLEAR);
    CHECK(mounts(&c));
    CHECK(stat(HOME "/new", &st) == 0 && st.st_uid == MALLORY && (st.st_mode & 07777) == 0700);
    CHECK(ends_when_told(SOON_MS));
    CHECK(stat(CLEAR, &st) == 0 && st.st_uid == MALLORY && st.st_gid == MALLORY && (st.st_mode & 07777) == 0700);
}

static void sources(void)
{
    struct call c = usual;

    c.source = HOME "/absent";
    CHECK(refused(&c, "there is no volume in /mnt/home/absent: it does not exist"));
    c.source = RAW;
    CHECK(refused(&c, "there is no volume in /mnt/home/raw: it is empty"));
    make(HOME "/file", "", 0600, MALLORY);
    c.source = HOME "/file";
    CHECK(refused(&c, "/mnt/home/file: Not a directory"));
    make(RAW "/config", "", 0600, MALLORY);
    c.source = RAW;
    CHECK(mounts(&c) && ends_when_told(SOON_MS));
}

static void volume_is_made(void)
{
    struct call c = script("cpw", "cat >" HOME "/second; exec " PROGRAMS "volume-program serve " CLEAR);
    size_t size;

    make(PROGRAMS "create",
         "#!/bin/sh\ncat >" HOME "/first; [ -z \"$2\" ] || exit 5; echo made; touch $1/config\n" PROGRAMS "volume-program serve " CLEAR
         "\n",
         0755, 0);
    c.source = RAW;
    c.create[0] = PROGRAMS "create";
    c.create[1] = RAW;
    c.create[2] = "fails";
    password("two times", 9);
    CHECK(refused(&c, "no volume could be made: its exit status is 5"));
    c.create[2] = NULL;
    CHECK(mounts(&c));
    CHECK(strcmp(content(HOME "/first", &size), "two times") == 0 && strcmp(content(HOME "/second", &size), "two times") == 0);
    CHECK(ends_when_told(SOON_MS));
    /* Not again. */
    unlink(HOME "/first");
    CHECK(mounts(&c) && access(HOME "/first", F_OK) < 0 && ends_when_told(SOON_MS));
}

static void password_arrives(void)
{
    unsigned char bytes[512];
    struct call c = script("pw", "cat >" HOME "/got; exec " PROGRAMS "volume-program serve " CLEAR);
    size_t size;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i % 255 + 1);
    password(bytes, sizeof bytes);
    CHECK(mounts(&c));
    const char *got = content(HOME "/got", &size);
    CHECK(size == sizeof bytes && memcmp(got, bytes, size) == 0);
    CHECK(ends_when_told(SOON_MS));
    /* The next volume of the same login. */
    unlink(HOME "/got");
    CHECK(mounts(&c));
    got = content(HOME "/got", &size);
    CHECK(size == sizeof bytes && memcmp(got, bytes, size) == 0);
    CHECK(ends_when_told(SOON_MS));
    c = script("w", "readlink /proc/self/fd/0; cat; exit 1");
    run(&c);
    CHECK(has("its exit status is 1\n0 /dev/null\n"));
}

static void no_password_in_the_pipe(void)
{
    struct call c = script("pw", "exit 0");

    password("", 0);
    CHECK(refused(&c, "it cannot be given the password: No data available"));
    close(secret);
    secret = -1;
    CHECK(refused(&c, "it cannot be given the password: Invalid argument"));
}

/* All memory that can be written to, except what the kernel shares. Only root can read it. */
static bool is_in_memory(pid_t pid, const char *what)
{
    static char part[1 << 20];
    char path[64], line[512];
    bool found = false;

    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(maps != NULL && memory >= 0);
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;

        if (sscanf(line, "%lx-%lx r", &from, &to) != 2 || to - from > 1UL << 30)
            continue;
        for (; from < to; from += sizeof part) {
            ssize_t n = pread(memory, part, to - from < sizeof part ? to - from : sizeof part, (off_t)from);
            found = found || (n > 0 && memmem(part, (size_t)n, what, strlen(what)) != NULL);
        }
    }
    if (maps != NULL)
        fclose(maps);
    close(memory);
    return found;
}

static void password_is_nowhere_else(void)
{
    static const char *const files[] = { "cmdline", "environ", "status" };
    char path[64];
    size_t size;
    struct call c = script("pw", "cat >/dev/null; exec " PROGRAMS "volume-program serve " CLEAR);

    password("Tr0ub4dor&3", 11);
    CHECK(mounts(&c));
    close(secret);
    secret = -1;
    CHECK(is_in_memory(supervisor, "JNS_SERVICE=") && !is_in_memory(supervisor, "Tr0ub4dor&3"));
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "/proc/%d/%s", (int)supervisor, files[i]);
        const char *text = content(path, &size);
        CHECK(size == 0 || memmem(text, size, "Tr0ub4dor&3", 11) == NULL);
    }
    /* It does not keep the pipe either. */
    snprintf(path, sizeof path, "/proc/%d/fd/0", (int)supervisor);
    char link[64] = "";
    CHECK(readlink(path, link, sizeof link - 1) > 0 && strcmp(link, "/dev/null") == 0);
    /* No core of the program: proc_pid_limits(5). */
    snprintf(path, sizeof path, "/proc/%d/limits", (int)serving("volume-program"));
    CHECK(strstr(content(path, &size), "Max core file size        1                    1 ") != NULL);
    CHECK(ends_when_told(SOON_MS));
}

static void spoil(void)
{
    const struct rlimit small = { 2, RLIM_INFINITY }, files = { 700, 900 };
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int s = 1; s <= SIGRTMAX; s++)
        signal(s, SIG_IGN);
    umask(0);
    for (int fd = 3; fd < 50; fd++)
        dup2(2, fd);
    setenv("LD_PRELOAD", "/mnt/x.so", 1);
    if (chdir("/mnt") < 0 || setrlimit(RLIMIT_FSIZE, &small) < 0 || setrlimit(RLIMIT_NOFILE, &files) < 0)
        abort();
}

static void process_is_a_fresh_one(void)
{
    /* No pipe after ls: the shell would hold an end of it while ls looks. It has the script itself as 10. */
    struct call c =
        script("w",
               "env | LC_ALL=C sort; umask; pwd; ulimit -f; ulimit -n; id -u; id -ru; id -G; cat /proc/self/oom_score_adj; ls /proc/$$/fd; "
               "grep -E '^(Sig(Blk|Ign)|Cap(Prm|Eff)|NoNewPrivs)' /proc/self/status; [ \"$(ps -o sid= -p $$ | tr -d ' ')\" = $$ ] && echo "
               "leads; exit 1");

    c.ids = "4711:4712:4712,70000";
    before_exec = spoil;
    run(&c);
    CHECK(has("0 "
              "HOME=/mnt/home\nJNS_SERVICE=sshd\nJNS_UID=4711\nJNS_USER=mallory\nLANG=C.UTF-8\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nPWD=/"
              "\nUSER=mallory\n"
              "0077\n/\nunlimited\n900\n4711\n4711\n4712 70000\n200\n0\n1\n10\n2\n"));
    CHECK(has("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:"
              "\t0\nleads\n"));
    before_exec = NULL;
    home = "none";
    c = script("w", "echo $HOME; exit 1");
    run(&c);
    CHECK(has("0 /\n"));
    home = HOME;
}

static void flood_is_cut(void)
{
    struct call c = script("w", "head -c 3000000 /dev/zero | tr '\\0' x; exit 1");

    run(&c);
    CHECK(has("its exit status is 1\n0 xxx") && strlen(report) == strlen("its exit status is 1\n0 ") + 1000);
    c = script("w", "yes");
    c.limit = "300";
    CHECK(refused(&c, "it has mounted nothing within 300 ms\n0 y\ny\n"));
    c = script("w", "head -c 300000 /dev/zero | tr '\\0' x; exec " PROGRAMS "volume-program serve " CLEAR);
    CHECK(mounts(&c) && ends_when_told(SOON_MS));
}

static void programs(void)
{
    struct call c = script("w", "");

    make(PROGRAMS "hers", "#!/bin/sh\n", 0755, MALLORY);
    c.program[0] = PROGRAMS "hers";
    CHECK(refused(&c, "hers: its owner is not root"));
    c.program[0] = PROGRAMS "absent";
    CHECK(refused(&c, "absent: No such file or directory"));
    make(PROGRAMS "plain", "#!/bin/sh\n", 0644, 0);
    c.program[0] = PROGRAMS "plain";
    CHECK(refused(&c, "plain: it is not executable"));
    make(PROGRAMS "text", "no program\n", 0755, 0);
    c.program[0] = PROGRAMS "text";
    CHECK(refused(&c, "Exec format error"));
}

static void drop_rights(void)
{
    if (setresuid(MALLORY, MALLORY, MALLORY) < 0)
        abort();
}

static void without_rights(void)
{
    before_exec = drop_rights;
    CHECK(refused(&usual, "its supervisor cannot be prepared: Operation not permitted"));
    before_exec = NULL;
}

static void close_the_last(void) { close(2); }

static void bad_calls(void)
{
    static const char *const limits[] = { "", "0", "-1", "60001", "5s", "5000 " }, *const flags[] = { "", "x", "pp-", "-p" },
                             *const targets[] = { "", "clear", "/", "/mnt/", "/mnt/.", "/mnt/.." };
    struct call c = usual;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        c.limit = limits[i];
        CHECK(start(&c) == 2 && close(far_end) == 0);
    }
    c = usual;
    for (size_t i = 1; i < sizeof flags / sizeof *flags; i++) {
        c.flags = flags[i];
        CHECK(start(&c) == 2 && close(far_end) == 0);
    }
    c = usual;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        c.target = targets[i];
        CHECK(start(&c) == 2 && close(far_end) == 0);
    }
    c = usual;
    c.ids = "4711:4711";
    CHECK(start(&c) == 2 && close(far_end) == 0);
    c = usual;
    c.source = "raw";
    CHECK(start(&c) == 2 && close(far_end) == 0);
    c = usual;
    c.program[0] = NULL;
    CHECK(start(&c) == 2 && close(far_end) == 0);
    before_exec = close_the_last;
    CHECK(start(&usual) == 2 && close(far_end) == 0);
    before_exec = NULL;
    CHECK(nobody_left(0));
}

/* Names that the mount table escapes, and a path to the target that goes through a link. */
static void strange_names(void)
{
    struct call c = usual;

    folder(HOME "/a b\tc\\d\ne", MALLORY, 0700);
    c.target = c.program[2] = HOME "/a b\tc\\d\ne";
    run(&c);
    CHECK(report[0] == '\n' && is_mounted(HOME "/a\\040b\\011c\\134d\\012e"));
    kill(supervisor, SIGTERM);
    CHECK(nobody_left(SOON_MS) && !is_mounted(HOME "/a\\040b\\011c\\134d\\012e"));
    CHECK(symlink(HOME, "/mnt/link") == 0);
    c.target = c.program[2] = "/mnt/link/clear";
    CHECK(mounts(&c) && ends_when_told(SOON_MS) && unlink("/mnt/link") == 0);
}

static const struct volume_case cases[] = {
    { "it is mounted, stays, and goes when it is told", mounted_and_taken_away, NULL },
    { "a program may stay in the foreground", in_the_foreground, NULL },
    { "the target is an empty folder that the user owns", targets, NULL },
    { "folders that are missing are made", what_is_missing_is_made, NULL },
    { "the source is a folder with something in it", sources, NULL },
    { "a volume is made in an empty source, with the password", volume_is_made, NULL },
    { "the password arrives, each byte of it, and for the next volume", password_arrives, NULL },
    { "no password in the pipe, and no pipe", no_password_in_the_pipe, NULL },
    { "the password is nowhere else", password_is_nowhere_else, NULL },
    { "environment, descriptors, signals, limits, ids are fresh", process_is_a_fresh_one, NULL },
    { "of a flood the beginning is kept", flood_is_cut, NULL },
    { "the program is one that root alone can change", programs, NULL },
    { "without rights nothing is done", without_rights, NULL },
    { "strange names and links on the way", strange_names, NULL },
    { "calls are read strictly", bad_calls, NULL },
};

int main(int argc, char **argv) { return run_cases(argc > 1 ? argv[1] : "build/plain", cases, sizeof cases / sizeof *cases); }
