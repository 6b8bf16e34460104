#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Nothing of the caller's environment reaches the helper that the module starts. The daemon is down, so that it must.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
rules "$private_tmp"
use_module "session required pam_jns.so"

# Everything that would make a program of ours leave a mark.
marks=$scratch/marks
install -d -m 1777 "$marks" "$scratch/tmpdir" "$scratch/bin"
cat >"$scratch/preload.c" <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The mark names the program: what the caller itself runs may well load this. */
__attribute__((constructor)) static void loaded(void)
{
    char exe[256] = "", mark[512];
    if (readlink("/proc/self/exe", exe, sizeof exe - 1) > 0) {
        snprintf(mark, sizeof mark, "/srv/jns-tests/marks/preload-%s", strrchr(exe, '/') + 1);
        close(open(mark, O_CREAT | O_WRONLY, 0666));
    }
}
END
gcc -shared -fPIC -o "$scratch/preload.so" "$scratch/preload.c" || abort "cannot compile the library to preload"
echo "touch $marks/bash-env" >"$scratch/bash-env"
for program in java sh bash env readlink dirname id sed cat uname; do
    printf '#!/bin/bash\n/bin/touch %s/path-%s\nPATH=/usr/bin:/bin exec %s "$@"\n' "$marks" $program $program >"$scratch/bin/$program"
    chmod 755 "$scratch/bin/$program"
done
hostile=(
    "JAVA_TOOL_OPTIONS=-Xlog:safepoint:file=$marks/java-tool-options"
    "_JAVA_OPTIONS=-Xlog:safepoint:file=$marks/java-options"
    "JDK_JAVA_OPTIONS=-Xlog:safepoint:file=$marks/jdk-java-options"
    "LD_PRELOAD=$scratch/preload.so"
    "LD_LIBRARY_PATH=$scratch/bin"
    "CLASSPATH=$scratch/bin"
    "JAVA_HOME=$scratch"
    "TMPDIR=$scratch/tmpdir"
    "BASH_ENV=$scratch/bash-env"
    "ENV=$scratch/bash-env"
    "IFS=/"
    "LC_ALL=../../../srv/jns-tests"
    "TZ=:/srv/jns-tests/bin/java"
    "GCONV_PATH=$scratch/bin"
    "JNS_HOSTILE=yes"
    "PATH=$scratch/bin:/usr/sbin:/usr/bin:/sbin:/bin"
)

# The calling program sees all of this, by its own choice: only what it leaves in the helper counts.
ours() { find "$marks" -type f ! -name 'preload-env' ! -name 'preload-su' ! -name 'preload-sudo' ! -name 'preload-strace' -printf '%f\n'; }

echo "the marks work"
env "${hostile[@]}" /bin/bash -c true
check "bash in this environment leaves its mark" test -e "$marks/bash-env"
check "and has the library loaded" test -e "$marks/preload-bash"
env "${hostile[@]}" "$(realpath /usr/bin/java)" -version 2>/dev/null
check "java too" test -e "$marks/java-tool-options"
rm -f "$marks"/*

echo "su, called by root"
# The session's own shell would leave marks by right: it is not ours, so the command is none.
strace -f -qq -v -s 9999 -e trace=execve -o "$scratch/calls" env "${hostile[@]}" su bob -s /bin/true
check "the login was served by a helper of its own" contain "$(cat "$scratch/calls")" 'execve."/usr/sbin/jnsd".* = 0'
check "no mark was left by it" equal "$(ours | grep -v '^preload-true$')" ""
check "TMPDIR stays empty" equal "$(ls -A "$scratch/tmpdir")" ""
helper=$(grep -E 'execve\("(/usr/sbin/jnsd|/usr/lib/jns/[^"]*|[^"]*/java)".* = 0' "$scratch/calls")
check "the helper got nothing of the hostile environment" lack "$helper" \
    'jns-tests|HOSTILE|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|LD_|CLASSPATH|BASH_ENV|ENV=|IFS'
# execve("FILE", ["ARGUMENT", ...], ["NAME=VALUE", ...])
names() { sed 's/^.*\], \[//' <<<"$1" | grep -oE '"[A-Za-z_]+=' | tr -d '"=' | sort | tr '\n' ' '; }
check "what the module gives it is a fixed list" equal "$(names "$(grep 'execve("/usr/sbin/jnsd"' <<<"$helper")")" "LANG PATH "

echo "sudo, called by alice"
cat >"$scratch/as-alice" <<END
cd / && exec env $(printf '%q ' "${hostile[@]}") sudo -u bob /bin/true
END
chmod 755 "$scratch/as-alice"
setpriv --reuid alice --regid alice --init-groups /bin/sh "$scratch/as-alice"
check "alice's sudo to bob works" equal $? 0
check "no mark was left by the helper" equal "$(ours | grep -v '^preload-true$')" ""
check "TMPDIR stays empty" equal "$(ls -A "$scratch/tmpdir")" ""
check "the session was isolated by a helper of its own" in_journal bob JNS_USER=bob JNS_SERVICE=sudo JNS_EVENT=login
finish
