# SPDX-License-Identifier: Apache-2.0
# Source this first in a test of the deb. Such a test runs in a booted system where jns is not installed (tests/lib/boot):
# started outside of one, it starts itself again inside. It begins with users alice and bob.

if [ -z "${JNS_VIEW:-}" ]; then
    lib=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
    JNS_BARE=1 exec "$lib/booted" "packages/$(basename "$0" .sh)"
fi
# shellcheck disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/check.sh"
# shellcheck disable=SC1091
. "$tests/lib/host.sh"
# shellcheck disable=SC1091
. "$tests/lib/login.sh"
cd $scratch || abort "cannot enter $scratch"
export DEBIAN_FRONTEND=noninteractive

debs=("$source_root"/target/jns_*.deb)
[ ${#debs[@]} -eq 1 ] && [ -e "${debs[0]}" ] || abort "there must be one deb in target/: mvn -q -DskipTests package"
deb=${debs[0]}

# newer VERSION: makes the same package again with that version, and with another time on every file, as another build has.
newer() {
    local folder=$scratch/newer
    rm -rf "$folder"
    dpkg-deb -R "$deb" "$folder"
    sed -i "s/^Version: .*/Version: $1/" "$folder/DEBIAN/control"
    find "$folder" -exec touch -h {} +
    dpkg-deb -b "$folder" "$scratch/jns_$1.deb" >/dev/null
    echo "$scratch/jns_$1.deb"
}

version() { dpkg-query -W -f '${Version}' jns; }
namespace_of() { by "$1" "$2" 'readlink /proc/self/ns/mnt'; }
isolated() { differ "$(namespace_of "$1" "$2")" "$(host_namespace)"; }
not_isolated() { equal "$(namespace_of "$1" "$2")" "$(host_namespace)"; }

# everybody_in WHEN isolated|not_isolated: root gets in by each program, and alice, as it is said.
everybody_in() {
    local program
    for program in ssh-key su-login sudo login; do
        check "$1, root gets in by $program" not_isolated $program root
        check "$1, alice by $program is $2" "$2" $program alice
    done
}

# What no archive holds.
has_capabilities() { getcap /usr/lib/jns/jns-join | grep -q cap_sys_admin; }
stacks_with_module() { grep -lE '^[^#]*pam_jns' /etc/pam.conf /etc/pam.d/* 2>/dev/null | sed 's|.*/||' | sort | tr '\n' ' '; }
daemons() { pgrep -fx '.* org\.jns\.Main jnsd' | tr '\n' ' '; }
