#compdef jnsrun
# SPDX-License-Identifier: Apache-2.0

_jnsrun_pair() { if compset -P '*:'; then _files; else _files -S :; fi; }
_jnsrun_rules() {
    local -a rules
    rules=(${(f)"$(sed -n 's/^\[\(.*\)\] *$/\1/p' /etc/jns/rules.d/*.conf 2>/dev/null)"})
    _describe -t rules rule rules
}

_arguments -s -S \
    '(- *)'{-h,--help}'[say what it takes]' '(- *)'{-V,--version}'[say which version it is]' \
    '*--bind[show a folder or file in the place of another]:source, colon, place:_jnsrun_pair' \
    '*--tmpfs[an empty folder in memory]:folder:_files -/' \
    '*--hide[show nothing]:path:_files' \
    '--private-tmp[empty /tmp and /var/tmp]' \
    '*--encfs[a volume for this command alone]:volume, colon, place:_jnsrun_pair' \
    '--password-stdin[the password is the first line of standard input]' \
    '--rootfs[make a folder the root]:folder:_files -/' \
    '--rules[the view that rules give]:rules file:_files' \
    '--rule[the view that a rule in force gives]:rule:_jnsrun_rules' \
    '--hostname[host name]:name' \
    '(-m)--mount=-[mounts]::file:_files' '(--mount)-m[mounts]' \
    '(-u)--uts=-[host name]::file:_files' '(--uts)-u[host name]' \
    '(-i)--ipc=-[System V IPC]::file:_files' '(--ipc)-i[System V IPC]' \
    '(-n)--net=-[network]::file:_files' '(--net)-n[network]' \
    '(-p)--pid=-[processes]::file:_files' '(--pid)-p[processes]' \
    '(-U)--user=-[users]::file:_files' '(--user)-U[users]' \
    '(-C)--cgroup=-[control groups]::file:_files' '(--cgroup)-C[control groups]' \
    '(-T)--time=-[clocks]::file:_files' '(--time)-T[clocks]' \
    '(-f --fork)'{-f,--fork}'[run the command as a child]' \
    '--kill-child=-[what the child gets when jnsrun dies]::signal:_signals -s' \
    '--forward-signals[the child gets SIGTERM and SIGINT]' \
    '--mount-proc=-[a new proc]::folder:_files -/' \
    '--propagation[how mounts travel]:how:(private slave shared unchanged)' \
    '(-R --root)'{-R,--root}'[chroot]:folder:_files -/' \
    '(-w --wd)'{-w,--wd}'[working folder]:folder:_files -/' \
    '(-S --setuid)'{-S,--setuid}'[run as]:user:_users' \
    '(-G --setgid)'{-G,--setgid}'[group]:group:_groups' \
    '--map-user[whom the caller is inside]:user:_users' \
    '--map-group[in which group]:group:_groups' \
    '(-r --map-root-user)'{-r,--map-root-user}'[be root inside]' \
    '(-c --map-current-user)'{-c,--map-current-user}'[be oneself inside]' \
    '*--map-users[a range of users]:range:(auto subids all)' \
    '*--map-groups[a range of groups]:range:(auto subids all)' \
    '--map-auto[subordinate ids from 0 on]' '--map-subids[subordinate ids as themselves]' \
    '--setgroups[whether setgroups(2) works]:whether:(allow deny)' \
    '--keep-caps[keep the capabilities]' \
    '--monotonic[offset of a clock]:seconds' '--boottime[offset of a clock]:seconds' \
    '--clear-env[an empty environment]' \
    '(-v --verbose)'{-v,--verbose}'[say what is done]' \
    '(-):command: _command_names -e' '*::arguments: _normal'
