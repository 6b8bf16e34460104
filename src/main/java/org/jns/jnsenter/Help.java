// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import org.jns.model.Release;

/** Prints {@code --help} and {@code --version}. */
final class Help {
    /** Exit status of an error of jnsenter; the command has its own exit statuses. */
    static final int OUR_FAILURE = 125;

    private Help() {}

    static String version() {
        return "jnsenter " + Release.version("") + "\n";
    }

    static String text() {
        return """
                usage: jnsenter TARGET [OPTION]... [--] [COMMAND [ARGUMENT]...]
                       jnsenter -t PID OPTION... [--] [COMMAND [ARGUMENT]...]

                Runs a command, or a shell, where others are. TARGET is
                  USER              the user's view
                  session:ID        the view that a session is in
                  unit:NAME         where a unit's main process is
                  pid:PID[:INODE]   where a process is; PID alone is the same
                  PATH              a namespace, by the file that stands for it

                  -a, --all                 all namespaces of the process
                  -t, --target PID[:INODE]  the process that the options are about
                  -m, --mount[=FILE]        its mount namespace, or that of the file; and so on:
                  -u, --uts[=FILE]          host name
                  -i, --ipc[=FILE]          System V IPC, message queues
                  -n, --net[=FILE]          network
                  -p, --pid[=FILE]          processes
                  -C, --cgroup[=FILE]       control groups
                  -U, --user[=FILE]         users
                  -T, --time[=FILE]         time
                  -N, --net-socket FD       the network namespace of that socket of the process
                      --user-parent         the user namespace around it
                  -S, --setuid UID|NAME|follow   run it as that user, with the user's groups
                  -G, --setgid GID|NAME|follow   run it as that group
                      --preserve-credentials     leave ids alone with -U
                      --keep-caps           keep capabilities with -U
                  -r, --root[=FOLDER]       change the root
                  -w, --wd[=FOLDER]         change the working folder, as it is outside
                  -W, --wdns=FOLDER         change the working folder, as it is inside
                  -e                        the environment of the process
                      --env NAME=VALUE      set a variable
                      --login               the environment, and in a view the ids, that a login has
                  -F, --no-fork             do not fork with -p
                  -c, --join-cgroup         join the control group of the process
                  -Z, --follow-context      run it in the SELinux context of the process
                      --host                out of the view that this is in, to the host's
                      --pty, --no-pty       on a terminal of its own, or not
                      --trust-mounts        trust what another user chose, such as mounts
                  -h, --help                print this
                  -V, --version             print the version

                Exit status: the command's; 126 or 127 if it cannot be run; 125 if jnsenter fails.
                """;
    }
}
