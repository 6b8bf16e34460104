#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# 32-bit libraries over 64-bit ones, by the shipped example: a program that has its library in one fixed place finds the one for it in
# its user's sessions, while another user's finds the other in the same place. And what check says of the way that does not work.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

[ -L /lib ] || abort "this test needs a merged /usr, as Debian has it since 12"

prepare_host
install_jns
rules ""
rm /etc/jns/rules.d/test.conf
install -m 644 "$source_root/etc/jns/examples/lib32.conf" /etc/jns/rules.d/
for group in legacy32 legacy32-file legacy32-all; do groupadd $group; done
add_users carol dave erin
usermod -a -G legacy32 alice
usermod -a -G legacy32-file carol
usermod -a -G legacy32-all dave

# The library says how wide it is. It is needed by the one program, by its path, and loaded by the other. Both wait at will.
mkdir -p /usr/lib/legacy /usr/lib32/legacy bin
echo 'int width(void) { return 8 * sizeof(void *); }' >width.c
cat >needs.c <<'END'
#include <stdio.h>
int width(void);
int main(int count, char **words) {
    printf("%d\n", width());
    fflush(stdout);
    if (count > 1) getchar();
    return 0;
}
END
cat >loads.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **words) {
    void *library = dlopen(words[1], RTLD_NOW);
    if (!library) {
        puts(dlerror());
        return 1;
    }
    printf("%d\n", ((int (*)(void)) dlsym(library, "width"))());
    return 0;
}
END
for bits in 32 64; do
    mkdir -p built/$bits/legacy
    for library in legacy/libwidth.so.1 libcodec.so.1; do
        gcc -m$bits -shared -fPIC -Wl,-soname,"${library#*/}" -o built/$bits/$library width.c || abort "cannot build a $bits-bit library"
        folder=/usr/lib/$(dirname $library)
        # Old programs have it as DT_RPATH, which binds a program's libraries too.
        gcc -m$bits -Wl,--disable-new-dtags,-rpath,"${folder%/.}" -o bin/needs-"${library##*/}"-$bits needs.c built/$bits/$library ||
            abort "cannot build a $bits-bit program"
    done
    gcc -m$bits -o bin/loads-$bits loads.c -ldl || abort "cannot build a $bits-bit program"
done
cp -r built/64/. /usr/lib/
cp -r built/32/. /usr/lib32/
chmod -R go-w /usr/lib/legacy /usr/lib32/legacy

check "the shipped binary finds nothing wrong with the example" equal "$(jnsctl check)" "3 rules, no errors"
start_jnsd
use_module "session required pam_jns.so"

# as PROGRAM USER WORDS: what a program of the test prints in a session of the user.
as() { by "$1" "$2" "$scratch/bin/$3 2>&1"; }
folder=/usr/lib/legacy/libwidth.so.1 file=/usr/lib/libcodec.so.1
for program in ssh-key su; do
    for form in "alice folder $folder" "carol file $file" "dave overlay $folder" "dave overlay $file"; do
        read -r user name library <<<"$form"
        needs=needs-${library##*/}
        check "$program, $name: a 32-bit program finds the library that it needs" equal "$(as $program "$user" "$needs-32")" 32
        check "$program, $name: and one that it loads by its path" equal "$(as $program "$user" "loads-32 $library")" 32
        check "$program, $name: there is no 64-bit one" contain "$(as $program "$user" "loads-64 $library")" 'wrong ELF class: ELFCLASS32'
    done
    for library in $folder $file; do
        needs=needs-${library##*/}
        check "$program: bob's 64-bit program finds the one that it needs in the same place" equal "$(as $program bob "$needs-64")" 64
        check "$program: and loads it" equal "$(as $program bob "loads-64 $library")" 64
        check "$program: no 32-bit one is there" contain "$(as $program bob "loads-32 $library")" 'wrong ELF class: ELFCLASS64'
    done
    check "$program: so a 32-bit program that needs it does not start" \
        contain "$(as $program bob needs-libwidth.so.1-32)" 'error while loading shared libraries'
    for user in alice carol dave; do
        check "$program: all else of the 64-bit world starts in $user's sessions" \
            equal "$(by $program $user 'python3 -c "import ssl; print(7)"')" 7
    done
done

echo "at the same time"
# waits USER BITS FD: a program with its library mapped, until the descriptor is closed.
mkfifo alice.go bob.go
su alice -c "$scratch/bin/needs-libwidth.so.1-32 wait" <alice.go >alice.out &
exec 7>alice.go
su bob -c "$scratch/bin/needs-libwidth.so.1-64 wait" <bob.go >bob.out &
exec 8>bob.go
check "alice's program has its library" within 10 grep -qx 32 alice.out
check "and bob's has his, while it is there" within 10 grep -qx 64 bob.out
mapped() { grep -h " $folder$" /proc/"$(pgrep -u "$1" -f "^$scratch/bin/needs")"/maps | awk '{ print $4, $5 }' | sort -u; }
check "what they have of one name are two files" differ "$(mapped alice)" "$(mapped bob)"
exec 7>&- 8>&-
wait %?alice.go %?bob.go

echo "the host replaces a file"
exec 7> >(exec su carol -c "echo \$\$ >$scratch/pid; exec cat >/dev/null")
within 10 test -s pid || abort "carol's session does not start"
inside() { nsenter --target "$live" --mount "$@"; }
live=$(cat pid)
check "carol's open session has the 32-bit file" inside cmp $file $scratch/built/32/libcodec.so.1
cp built/64/libcodec.so.1 /usr/lib/libcodec.so.new && mv /usr/lib/libcodec.so.new $file
check "with the host's upgrade it has the host's" inside cmp $file $scratch/built/64/libcodec.so.1
exec 7>&-
within 30 without_view carol || abort "carol's view stays"
check "the next login has the 32-bit one again" equal "$(as su carol needs-libcodec.so.1-32)" 32

exec 7> >(exec su alice -c "echo \$\$ >$scratch/pid2; exec cat >/dev/null")
within 10 test -s pid2 || abort "alice's session does not start"
live=$(cat pid2)
cp built/64/legacy/libwidth.so.1 /usr/lib/legacy/new && mv /usr/lib/legacy/new $folder
check "a folder that is bound stays" inside cmp $folder $scratch/built/32/legacy/libwidth.so.1
exec 7>&-

echo "the way that does not work"
for target in /usr/lib /lib "/lib/$(gcc -print-multiarch)" /lib64; do
    for rule in "action = bind|source = /usr/lib32" "action = tmpfs" "action = private" "action = hide"; do
        printf '[cut-off]\n%s\ntarget = %s\nonly = user:erin\n' "${rule//|/$'\n'}" "$target" >/etc/jns/rules.d/zz.conf
        check "check warns of ${rule%%|*} over $target" contain "$(jnsctl check)" \
            '^/etc/jns/rules\.d/zz\.conf:1:1: warning: rule \[cut-off\] leaves a session without /usr/lib[^ ]*/ld-[^ ]*, so that no program starts in it; '
    done
done
printf '[cut-off]\naction = bind\nsource = /usr/lib32\ntarget = /usr/lib\nonly = user:erin\n' >/etc/jns/rules.d/zz.conf
check "it is a warning" jnsctl check
check "the daemon takes it" jnsctl reload
for program in ssh-key su; do
    check "$program: and no program starts for erin" lack "$(by $program erin 'echo it starts' 2>&1)" 'it starts'
    check "$program: nobody else misses anything" equal "$(by $program bob 'echo it starts' 2>&1)" 'it starts'
done
finish
