/* SPDX-License-Identifier: Apache-2.0 */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

void helper_start(struct helper *helper, helper_job *job, const void *what)
{
    int tell[2], result[2];
    char byte;

    if (pipe2(tell, O_CLOEXEC) < 0 || pipe2(result, O_CLOEXEC) < 0)
        die("cannot make a pipe: %m");
    helper->maker = getpid();
    helper->process = fork();
    if (helper->process < 0)
        die("cannot start a process: %m");
    if (helper->process == 0) {
        close(tell[1]);
        close(result[0]);
        /* The pipe ended without a word: the others have given up. */
        if (read(tell[0], &byte, 1) != 1)
            _exit(0);
        job(what, helper->maker);
        _exit(write(result[1], "", 1) == 1 ? 0 : EXIT_OURS);
    }
    close(tell[0]);
    close(result[1]);
    helper->tell = tell[1];
    helper->result = result[0];
}

void helper_tell(struct helper *helper)
{
    char byte;

    if (helper->process == 0)
        die("cannot use the answer: nobody is there to be told");
    if (write(helper->tell, "", 1) != 1 || read(helper->result, &byte, 1) != 1)
        exit(own_failure());
    close(helper->tell);
    close(helper->result);
    /* The helper is a child of the process that started it: the command must not find a child that it did not start. Another child of that
     * process has nothing to reap. */
    if (getpid() == helper->maker)
        while (waitpid(helper->process, NULL, 0) < 0 && errno == EINTR)
            continue;
}
