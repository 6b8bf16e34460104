#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What users and careless administrators ask jnsrun for: a command never sees more than the user's sessions, and what it is told to
# restrict is restricted.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$(cat <<'END'
[answers]
action = hide
target = /opt/answers

[papers]
action = readonly
target = /srv/papers

[tmp]
action = private
target = /tmp

[once]
action = private
target = /srv/once
per = session

[ssh-alone]
action = hide
target = /opt/ssh
only = service:sshd

[missing]
action = hide
target = /opt/missing
required = no

[scratch]
action = tmpfs
target = /srv/scratch
enter = owner

[command-alone]
action = bind
source = /opt/shown
target = /srv/place
only = service:jnsrun
enter = owner

[open]
action = hide
target = /opt/open
except = service:jnsrun

[apart]
action = isolate
isolate = ipc
only = user:bob

[vault]
action = fuse
program = /bin/false
target = ${home}
without-password = skip
password = yes
only = user:carol

[keys]
action = fuse
program = /bin/false
target = ${home}
only = user:dave

[broken]
action = bind
source = /opt/nowhere
target = /srv/nowhere
on-error = allow
only = user:erin
END
)"
add_users carol dave erin
mkdir -p /opt/{answers,ssh,shown,open} /srv/{papers,once,scratch,place,nowhere}
chmod 777 /srv/{papers,once,scratch}
for folder in answers ssh open shown; do echo "$folder" >/opt/$folder/file; done
echo of-the-host >/tmp/file && chmod 644 /tmp/file

# outside USER COMMAND: without a session. inside USER COMMAND: in one.
outside() { runuser -u "$1" -- sh -c "cd; $2" </dev/null 2>&1; }
inside() { su "$1" -c "cd; $2" </dev/null 2>&1; }

echo "a rule that the user may name"
for from in inside outside; do
    run() { $from "${2:-alice}" "jnsrun --rule ${3:-scratch} sh -c '$1'"; }
    check "[A2] $from a session: what another rule hides is hidden" contain "$(run 'cat /opt/answers/file')" 'Permission denied'
    check "[A2] $from a session: what another rule makes read-only stays so" contain "$(run 'touch /srv/papers/x')" 'Read-only file system'
    check "[A2] $from a session: a private folder is the user's, not the host's" equal "$(run 'echo mine >/tmp/mine; ls -A /tmp')" mine
    check "[A2] $from a session: a session's own folder is this command's own" equal "$(run 'ls -A /srv/once; touch /srv/once/left')" ""
    check "[A2] $from a session: what is hidden from logins of one service is hidden" contain "$(run 'cat /opt/ssh/file')" 'Permission denied'
    check "$from a session: the rule itself" equal "$(run 'touch /srv/scratch/x && stat -f -c %T /srv/scratch')" tmpfs
    check "$from a session: a rule for commands alone" contain "$(run 'cat /srv/place/file; cat /opt/answers/file' alice command-alone)" shown
    check "[A2] $from a session: and with it, what is hidden" contain "$(run 'cat /srv/place/file; cat /opt/answers/file' alice command-alone)" 'Permission denied'
    check "$from a session: it holds where it is named alone" equal "$(run 'ls -A /srv/place')" ""
    check "$from a session: what its rule says is not for commands is not" equal "$(run 'cat /opt/open/file')" open
    [ $from = outside ] || continue
    check "[A2] namespaces that cannot be had are said to be missing" contain "$(run true bob)" "rule apart is for you, too, and what it makes is for sessions; ask your administrator for 'except = service:jnsrun'"
    check "[A2] a volume without which no session is" contain "$(run true dave)" 'rule keys is for you, too'
    check "a volume that a login without a password lacks is lacking, and said to be" contain "$(run true carol)" 'not mounted, as there is no password: the volume of rule vault'
    check "[A2] and the other rules hold" contain "$(run 'cat /opt/answers/file' carol)" 'Permission denied'
    check "[A2] where a rule fails there is no view, whatever on-error says" contain "$(run 'echo in' erin)" '/opt/nowhere'
    check "[A2] nor does the command run" lack "$(run 'echo in' erin)" '^in$'
done

echo "other ways"
check "[A2] jns-join knows no other rules either" contain "$(outside alice '/usr/lib/jns/jns-join rule scratch cat cat /opt/answers/file')" 'Permission denied'
check "[A2] a file of rules adds to the session's view" contain "$(inside alice 'printf "[x]\naction = tmpfs\ntarget = /srv/place\n" >own.conf; jnsrun --rules ./own.conf cat /opt/answers/file')" 'Permission denied'
check "[A2] and cannot show what it hides" contain "$(inside alice 'printf "[x]\naction = bind\nsource = /opt/answers\ntarget = /srv/place\n" >own.conf; jnsrun --rules ./own.conf ls /srv/place')" 'denied|not permitted|cannot'
check "[A2] users are not let out to the host's view" contain "$(inside alice 'jnsenter --host cat /opt/answers/file')" '^jnsenter: '
finish
