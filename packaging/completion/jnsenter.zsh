#compdef jnsenter
# SPDX-License-Identifier: Apache-2.0

_jnsenter_targets() {
    local -a users sessions views units
    users=(${(f)"$(sed -n 's/^user //p' /run/jns/views/*(N) /dev/null 2>/dev/null | sort -u)"})
    ((#users)) || users=("$(id -un)")
    sessions=(session\:${^$(print -l /run/jns/sessions/[0-9a-f]*(N:t))})
    views=(view\:${^$(print -l /run/jns/views/[0-9]*(N:t))})
    units=(unit\:${^${(f)"$(systemctl list-units --plain --no-legend --state=running 2>/dev/null)"}%% *})
    case $PREFIX in
    */*) _files ;;
    pid:*) compset -P 'pid:'; _pids ;;
    session:*) compadd -a sessions ;;
    view:*) compadd -a views ;;
    unit:*) compadd -a units ;;
    *) compadd -a users; compadd -S '' session: unit: pid: ;;
    esac
}

local namespace='its namespace, or that of a file:namespace:_files'
_arguments -S -A '-*' \
    '(-a --all)'{-a,--all}'[all namespaces of the process]' \
    '(-t --target)'{-t,--target}'[the process that the options are about]:process:_pids' \
    '(-m --mount)'{-m-,--mount=-}"[mounts]::$namespace" \
    '(-u --uts)'{-u-,--uts=-}"[host name]::$namespace" \
    '(-i --ipc)'{-i-,--ipc=-}"[System V IPC]::$namespace" \
    '(-n --net)'{-n-,--net=-}"[network]::$namespace" \
    '(-p --pid)'{-p-,--pid=-}"[processes]::$namespace" \
    '(-C --cgroup)'{-C-,--cgroup=-}"[control groups]::$namespace" \
    '(-U --user)'{-U-,--user=-}"[users]::$namespace" \
    '(-T --time)'{-T-,--time=-}"[time]::$namespace" \
    '(-N --net-socket)'{-N,--net-socket}'[the network namespace of a socket]:descriptor' \
    '--user-parent[the user namespace around it]' \
    '(-S --setuid)'{-S,--setuid}'[run it as that user]:user:_users' \
    '(-G --setgid)'{-G,--setgid}'[run it as that group]:group:_groups' \
    '--preserve-credentials[leave ids alone]' \
    '--keep-caps[keep capabilities]' \
    '(-r --root)'{-r-,--root=-}'[change the root]::folder:_files -/' \
    '(-w --wd)'{-w-,--wd=-}'[change the working folder]::folder:_files -/' \
    '(-W --wdns)'{-W-,--wdns=-}'[change the working folder, inside]:folder:_files -/' \
    '-e[the environment of the process]' \
    '*--env[set a variable]:NAME=VALUE' \
    '(-F --no-fork)'{-F,--no-fork}'[do not fork]' \
    '(-c --join-cgroup)'{-c,--join-cgroup}'[join the control group of the process]' \
    '(-Z --follow-context)'{-Z,--follow-context}'[run it in the SELinux context of the process]' \
    '--host[out to the host]' \
    '(--no-pty)--pty[on a terminal of its own]' \
    '(--pty)--no-pty[on this terminal]' \
    '--login[what a login has]' \
    '--trust-mounts[trust what another user chose]' \
    '(- *)'{-h,--help}'[say what it takes]' \
    '(- *)'{-V,--version}'[say which version it is]' \
    '1:target:_jnsenter_targets' \
    '*::command:_normal'
