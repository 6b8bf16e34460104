/* SPDX-License-Identifier: Apache-2.0 */
#include "volume.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "give_up.h"
#include "reset.h"
#include "walk.h"

enum { PAGE = 4096 };

/* tee(2) copies from pipe to pipe in the kernel: the password never is in the memory of this process, and the next volume still finds it in
 * the pipe. */
static bool take_password(void)
{
    int copy[2];

    if (pipe2(copy, O_CLOEXEC) < 0)
        return false;
    errno = ENODATA;
    return tee(STDIN_FILENO, copy[1], PAGE, SPLICE_F_NONBLOCK) > 0 && dup2(copy[0], STDIN_FILENO) == STDIN_FILENO;
}

/* Sets the value that systemd gives the user's services. The program runs among the processes of the daemon, and its user may make it use
 * all memory: the kernel must end it before the daemon. */
static void be_mortal(const struct volume *v)
{
    int file = openat(v->proc, "self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    bool done = file >= 0 && write(file, "200", 3) == 3;

    /* If that fails, the volume is worth more. */
    (void)done;
    if (file >= 0)
        close(file);
}

static _Noreturn void become(struct volume *v, char **words, int output, int trouble)
{
    const struct call *c = &v->call;
    char user[300], jns_user[300], uid[32], service[300], home[PATH_MAX], why[300];
    char *const environment[] = {
        (char[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin" }, (char[]){ "LANG=C.UTF-8" }, home, user, jns_user, uid, service, NULL
    };

    if (snprintf(user, sizeof user, "USER=%s", c->user) >= (int)sizeof user
        || snprintf(jns_user, sizeof jns_user, "JNS_USER=%s", c->user) >= (int)sizeof jns_user
        || snprintf(uid, sizeof uid, "JNS_UID=%s", c->uid) >= (int)sizeof uid
        || snprintf(service, sizeof service, "JNS_SERVICE=%s", c->service) >= (int)sizeof service
        || snprintf(home, sizeof home, "HOME=%s", c->home) >= (int)sizeof home)
        give_up(trouble, "the name of the user, of the home or of the service is too long");
    umask(077);
    if (setsid() < 0 || !reset_limits())
        give_up(trouble, "its process cannot be prepared: %m");
    be_mortal(v);
    int file = walk_to_program(words[0], why, sizeof why);
    if (file < 0)
        give_up(trouble, "%s", why);
    if (c->password ? !take_password() : dup2(NOTHING, STDIN_FILENO) < 0)
        give_up(trouble, "it cannot be given the password: %m");
    if (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
        give_up(trouble, "its descriptors cannot be prepared: %m");
    /* Every other descriptor must be closed by exec. */
    if (close_range(FIRST_FOREIGN, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
        give_up(trouble, "its descriptors cannot be closed: %m");
    /* It may gain rights by setuid programs: it mounts by fusermount(1). */
    if (!identity_become(&c->ids, true))
        give_up(trouble, "it cannot be run as uid %u: %m", (unsigned)c->ids.uid);
    reset_signals();
    syscall(SYS_execveat, file, "", words, environment, AT_EMPTY_PATH);
    /* The interpreter opens a script by its name, and execveat(2) fails with ENOENT. The name is as good as the descriptor, because only
     * root can change anything on the way to the script. */
    if (errno == ENOENT)
        execve(words[0], words, environment);
    give_up(trouble, "%m");
}

bool start_program(struct volume *v, char **words)
{
    int output[2], trouble[2];

    if (pipe2(output, O_CLOEXEC) < 0 || pipe2(trouble, O_CLOEXEC) < 0 || fcntl(output[0], F_SETFL, O_NONBLOCK) < 0
        || fcntl(trouble[0], F_SETFL, O_NONBLOCK) < 0) {
        snprintf(v->why, sizeof v->why, "its pipes cannot be made: %m");
        return false;
    }
    v->program_ended = false;
    v->alone = false;
    v->program = fork();
    if (v->program == 0)
        become(v, words, output[1], trouble[1]);
    if (v->program < 0)
        snprintf(v->why, sizeof v->why, "its process cannot be made: %m");
    close(output[1]);
    close(trouble[1]);
    if (v->output >= 0)
        close(v->output);
    if (v->trouble >= 0)
        close(v->trouble);
    v->output = output[0];
    v->trouble = trouble[0];
    v->said_length = 0;
    return v->program > 0;
}

void judge_program(struct volume *v)
{
    int status = v->program_status;
    ssize_t n = read(v->trouble, v->why, sizeof v->why - 1);

    v->why[n > 0 ? n : 0] = '\0';
    if (n > 0)
        return;
    if (WIFSIGNALED(status))
        snprintf(v->why, sizeof v->why, "it was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
        snprintf(v->why, sizeof v->why, "its exit status is %d", WEXITSTATUS(status));
}
