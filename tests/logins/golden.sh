#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Each golden plan of the unit tests, tried: on a machine that is as its facts say, jnsctl explain prints that plan, and the session of a
# real login has exactly the mounts that it has, or is refused for the reason that it says.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"

# The plans are about /srv, /home and /tmp: nothing that is needed may lie there.
scratch=/jns-tests

# Logins whose facts cannot be made true here: NAME/N is the Nth login of NAME.facts. What is said of them is the reason.
declare -A impossible=(
    [unusable-source/1]="permission denied" # to root, on a file system of this machine
    # Logins with volumes are those of vault and vault-faults.
    [volume-covered/1]="a volume wants" [volume-in-itself/1]="a volume wants" [volume-reserved/1]="a volume wants"
    [volume-twice/1]="a volume wants" [volume-twice/2]="a volume wants" [volumes/1]="a volume wants" [volumes/2]="a volume wants"
    [variables/4]="PAM calls a service by what follows the last slash"
)

prepare_host
install_jns
rules ''
# The view's own files are an overlay; the changes of another cannot be kept on one.
mkdir -p -m 700 /var/lib/jns
mount -t tmpfs -o mode=700 var-lib-jns /var/lib/jns
start_jnsd
cp -r "$source_root/src/test/resources/plans" "$tests/lib/golden" "$source_root/target/test-classes" "$scratch/"

many_commands() {
    local classpath=/usr/lib/jns/jns.jar
    for jar in /usr/lib/jns/lib/*.jar; do classpath=$classpath:$jar; done
    echo "${JNS_JDK:-/usr}/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djnr.ffi.asm.enabled=false \
        -Djffi.boot.library.path=/usr/lib/jns \
        -Dorg.apache.commons.configuration2.interpol.ConfigurationInterpolator.defaultPrefixLookups= \
        -cp "$classpath:$scratch/test-classes" org.jns.jnsctl.ManyCommands
}

# shellcheck disable=SC2046 # words
HOOKS_RAN=$scratch/hooks-ran "$scratch/golden/run" "$scratch/plans" $(many_commands) >"$scratch/results" 2>"$scratch/errors"
check "all logins were tried" equal "$? $(cat "$scratch/errors")" "0 "

for facts in "$scratch"/plans/*.facts; do
    name=${facts##*/} name=${name%.facts}
    i=0
    while read -r _ user _; do
        i=$((i + 1))
        key=$name/$i
        if [ -n "${impossible[$key]:-}" ]; then
            check "$key: cannot be tried" contain "$(grep "^$key	" "$scratch/results")" "	impossible: .*${impossible[$key]}"
            unset "impossible[$key]"
        else
            check "$key: $user gets what is planned" equal "$(grep "^$key	" "$scratch/results")" "$key	"
        fi
    done < <(grep '^user ' "$facts")
done
check "everything that is called impossible belongs to an existing plan" equal "${!impossible[*]}" ""

# One who asks jnsctl itself is told the same.
rules "$private_tmp"
check "the new rules are taken" jnsctl reload
# shellcheck disable=SC2091 # the function prints a command
check "jnsctl explain says what was compared" same_text "$(jnsctl explain alice --json)" \
    "$(printf 'explain\talice\t--json\n' | $(many_commands) | sed '/^\x00/d')"
finish
