# SPDX-License-Identifier: Apache-2.0
# The installed programs and libraries themselves: what makes an attack on them harder.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"

prepare_host
install_jns
mkdir all && cp /usr/lib/jns/jns-* /usr/lib/jns/*.so "$(find /usr/lib/*/security /usr/lib64/security -name pam_jns.so 2>/dev/null |
    head -n 1)" all/ || abort "jns is not installed"
# The library of jffi comes as its makers have built it, see docs/threat-model.md.
check "[A12] each program and library is hardened" equal "$("$tests/lib/elf-faults" all)" "libjffi-1.2.so: functions are bound late
libjffi-1.2.so: no stack protector
8 files"
# What a linker makes of that depends on the start files of the C library: Debian's have no marks, so that no program has.
without_cet() {
    find "$source_root/pam-shim/build/plain" -name '*.o' | while read -r object; do readelf -nW "$object" |
        grep -q 'x86 feature: IBT, SHSTK' || echo "$object"; done
}
[ "$(uname -m)" != x86_64 ] || check "[A12] what is compiled has the marks of CET" equal "$(without_cet)" ""
finish
