/* SPDX-License-Identifier: Apache-2.0 */
/* kill-at: kills a program at its N-th system call of a part of its work, with N = 1, 2, 3... at each of them. The call is not made.
 *
 *   kill-at [-a] [-c] -n N -b BEGIN [-e END] -o FILE -- COMMAND...
 *   kill-at [-a] -n N [-b BEGIN] [-e END] -o FILE -p PID -t NAME
 *
 * The part begins when a thread has made the call BEGIN with success, or asks for the path BEGIN, and ends when that thread has come to
 * the calls END, in this order, or asks for the path END. It is that thread's calls which count; with -c those of its first child, until it
 * becomes another program. With -p and -t these are the threads of the process that are called so, and "ready" is said when they are
 * traced.
 *
 * Calls that only look, wait, or close what dies with the process anyway do not count: who is killed before one leaves what who is killed
 * before the next one leaves. With -a they do, except those by which a JVM manages its memory and threads. FILE gets "killed N CALL", or
 * "end N" if there were no more. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of <asm/unistd.h>, made by who compiles this: a line [NUMBER] = "NAME", for each. */
static const char *const names[] = {
#include "calls.h"
};

static const char no_matter[] =
    " futex mmap munmap mprotect madvise brk mremap sched_yield rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack gettid getpid rseq"
    " set_robust_list clock_gettime clock_nanosleep restart_syscall sched_getaffinity getcpu membarrier sysinfo prctl arch_prctl ";
static const char looks[] =
    " read pread64 lseek getdents64 readlink readlinkat stat lstat fstat newfstatat statx statfs fstatfs access faccessat faccessat2"
    " getsockopt getsockname getpeername getuid geteuid getgid getegid getppid uname poll ppoll select pselect6 epoll_wait epoll_pwait"
    " epoll_ctl epoll_create1 close close_range fcntl ioctl dup dup2 dup3 prlimit64 getrlimit getcwd getrandom pipe2 socket ";

enum { MOST_TRACEES = 256, MOST_PATH = 128 };

static struct {
    bool all, of_child;
    unsigned n;
    const char *begin, *file;
    char *end[4];
    unsigned ends;
    pid_t pid;
} asked;

static struct tracee {
    pid_t tid;
    bool counts;
    unsigned ended; /* how many of the calls of END are made */
    long number;
} tracees[MOST_TRACEES];

static unsigned counted;
static bool over;
static pid_t parent; /* with -c: who begins */

static void die(const char *what)
{
    perror(what);
    exit(125);
}

static void report(const char *how, unsigned n, const char *call)
{
    FILE *out = fopen(asked.file, "w");
    if (out == NULL || fprintf(out, "%s %u %s\n", how, n, call) < 0 || fclose(out) != 0)
        die(asked.file);
    over = true;
}

static struct tracee *find(pid_t tid)
{
    struct tracee *free_one = NULL;

    for (int i = 0; i < MOST_TRACEES; i++) {
        if (tracees[i].tid == tid)
            return &tracees[i];
        if (tracees[i].tid == 0 && free_one == NULL)
            free_one = &tracees[i];
    }
    if (free_one == NULL) {
        fputs("kill-at: too many threads\n", stderr);
        exit(125);
    }
    *free_one = (struct tracee){ .tid = tid };
    return free_one;
}

static bool is_in(const char *list, const char *name)
{
    char word[64];
    snprintf(word, sizeof word, " %s ", name);
    return strstr(list, word) != NULL;
}

static bool copy(pid_t tid, uint64_t address, void *to, size_t length)
{
    struct iovec here = { to, length }, there = { (void *)(uintptr_t)address, length };
    return process_vm_readv(tid, &here, 1, &there, 1, 0) == (ssize_t)length;
}

/* Whether one of the first arguments is this path. Paths are asked for in whole pages of their own or not, so byte by byte. */
static bool asks_for(pid_t tid, const uint64_t *args, const char *path)
{
    for (int i = 0; i < 2; i++) {
        size_t at = 0;
        char c = 1;
        while (at < MOST_PATH && copy(tid, args[i] + at, &c, 1) && c == path[at] && c != '\0')
            at++;
        if (at > 0 && c == '\0' && path[at] == '\0')
            return true;
    }
    return false;
}

static bool only_looks(pid_t tid, const char *name, const uint64_t *args)
{
    uint64_t flags = 0;

    if (strcmp(name, "openat2") == 0)
        return copy(tid, args[2], &flags, sizeof flags) && (flags & O_CREAT) == 0;
    if (strcmp(name, "openat") == 0)
        return (args[2] & O_CREAT) == 0;
    return is_in(looks, name);
}

static void kill_it(pid_t tid)
{
    char path[64], line[128];
    pid_t process = tid;

    snprintf(path, sizeof path, "/proc/%d/status", tid);
    FILE *status = fopen(path, "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        sscanf(line, "Tgid: %d", &process);
    if (status != NULL)
        fclose(status);
    kill(process, SIGKILL);
}

static void entering(struct tracee *t, const char *name, const uint64_t *args)
{
    if (!t->counts) {
        if (asked.begin != NULL && asked.begin[0] == '/' && parent == 0 && asks_for(t->tid, args, asked.begin)) {
            parent = t->tid;
            t->counts = !asked.of_child;
        }
        return;
    }
    if (asked.ends > 0 && asked.end[0][0] == '/' && asks_for(t->tid, args, asked.end[0])) {
        report("end", counted, "");
        return;
    }
    bool matters = !is_in(no_matter, name) && (asked.all || !only_looks(t->tid, name, args));
    if (matters && ++counted == asked.n) {
        report("killed", counted, name);
        kill_it(t->tid);
    } else if (t->ended < asked.ends && strcmp(asked.end[t->ended], name) == 0 && ++t->ended == asked.ends) {
        report("end", counted, "");
    }
}

static void returning(struct tracee *t, const char *name, int64_t value)
{
    if (!t->counts && asked.begin != NULL && parent == 0 && strcmp(asked.begin, name) == 0 && value >= 0) {
        parent = t->tid;
        t->counts = true;
    }
}

static void call_stop(struct tracee *t)
{
    struct __ptrace_syscall_info info;

    if (over || ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, sizeof info, &info) <= 0)
        return;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
        t->number = (long)info.entry.nr;
    const char *name = t->number >= 0 && (size_t)t->number < sizeof names / sizeof *names ? names[t->number] : NULL;
    if (name == NULL)
        name = "unknown";
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
        entering(t, name, info.entry.args);
    else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
        returning(t, name, info.exit.rval);
}

static const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;

/* Goes on until nobody is traced any more. Returns the status of `main_one`. */
static int trace(pid_t main_one)
{
    int status, result = 0;
    pid_t tid;

    while ((tid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
        if (tid <= 0)
            continue;
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            struct tracee *t = find(tid);
            if (t->counts && !over)
                report("end", counted, "");
            t->tid = 0;
            if (tid == main_one) {
                result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                /* What it has left running is nobody's any more. */
                if (over)
                    return result;
            }
            continue;
        }
        struct tracee *t = find(tid);
        int signal = WSTOPSIG(status), event = status >> 16;
        if (signal == (SIGTRAP | 0x80)) {
            call_stop(t);
            signal = 0;
        } else if (event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) {
            unsigned long child;
            if (asked.of_child && parent == tid && ptrace(PTRACE_GETEVENTMSG, tid, 0, &child) == 0) {
                find((pid_t)child)->counts = true;
                parent = -1;
            }
            signal = 0;
        } else if (event == PTRACE_EVENT_EXEC) {
            if (asked.of_child && t->counts) {
                t->counts = false;
                report("end", counted, "");
            }
            signal = 0;
        } else if (event == PTRACE_EVENT_STOP || event != 0) {
            signal = 0;
        }
        ptrace(PTRACE_SYSCALL, tid, 0, (long)signal);
    }
    return result;
}

static int start(char **command)
{
    pid_t child = fork();

    if (child == -1)
        die("fork");
    if (child == 0) {
        raise(SIGSTOP);
        execvp(command[0], command);
        die(command[0]);
    }
    int status;
    if (waitpid(child, &status, WUNTRACED) != child || ptrace(PTRACE_SEIZE, child, 0, options) == -1)
        die("ptrace");
    kill(child, SIGCONT);
    return trace(child);
}

static int attach(const char *thread)
{
    char path[64], name[32];
    struct dirent *entry;
    unsigned count = 0;

    snprintf(path, sizeof path, "/proc/%d/task", asked.pid);
    DIR *tasks = opendir(path);
    if (tasks == NULL)
        die(path);
    while ((entry = readdir(tasks)) != NULL) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.16s/comm", asked.pid, entry->d_name);
        FILE *comm = fopen(path, "r");
        if (comm == NULL)
            continue;
        if (fscanf(comm, "%31[^\n]", name) == 1 && strcmp(name, thread) == 0) {
            pid_t tid = atoi(entry->d_name);
            /* One that is gone by now is not waited for. */
            if (ptrace(PTRACE_SEIZE, tid, 0, PTRACE_O_TRACESYSGOOD) == 0 && ptrace(PTRACE_INTERRUPT, tid, 0, 0) == 0) {
                find(tid)->counts = asked.begin == NULL;
                count++;
            }
        }
        fclose(comm);
    }
    closedir(tasks);
    if (count == 0) {
        fprintf(stderr, "kill-at: process %d has no thread %s\n", asked.pid, thread);
        return 125;
    }
    /* All of them go on before anybody hears of it. */
    for (unsigned stopped = 0; stopped < count; stopped++) {
        int status;
        pid_t tid = waitpid(-1, &status, __WALL);
        if (tid <= 0)
            die("wait");
        if (WIFSTOPPED(status))
            ptrace(PTRACE_SYSCALL, tid, 0, 0);
        else
            find(tid)->tid = 0;
    }
    puts("ready");
    fclose(stdout);
    return trace(0);
}

int main(int argc, char **argv)
{
    const char *thread = NULL;
    int option;

    while ((option = getopt(argc, argv, "+acn:b:e:o:p:t:")) != -1) {
        switch (option) {
        case 'a': asked.all = true; break;
        case 'c': asked.of_child = true; break;
        case 'n': asked.n = (unsigned)atoi(optarg); break;
        case 'b': asked.begin = optarg; break;
        case 'e':
            for (char *word = strtok(optarg, ","); word != NULL && asked.ends < 4; word = strtok(NULL, ","))
                asked.end[asked.ends++] = word;
            break;
        case 'o': asked.file = optarg; break;
        case 'p': asked.pid = atoi(optarg); break;
        case 't': thread = optarg; break;
        default: return 125;
        }
    }
    if (asked.file == NULL || (thread == NULL && (asked.begin == NULL || optind == argc)))
        return 125;
    return thread != NULL ? attach(thread) : start(argv + optind);
}
