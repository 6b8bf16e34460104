#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The examples of jnsrun(1) show what is true: each command runs, as an ordinary user and as root, and prints what the page shows below it.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
page=$source_root/packaging/man/jnsrun.1

# What the examples find: a library of two widths, a program of 32 bits that wants it, a volume, and a tree.
mkdir -p /usr/lib/legacy /usr/lib32/legacy
echo 'int width(void) { return 8 * sizeof(void *); }' >width.c
printf '#include <stdio.h>\nint width(void);\nint main(void) { printf("%%d\\n", width()); return 0; }\n' >program.c
for bits in 32 64; do
    folder=/usr/lib$([ $bits = 64 ] || echo 32)/legacy
    gcc -m$bits -shared -fPIC -Wl,-soname,libwidth.so.1 -o "$folder/libwidth.so.1" width.c || abort "cannot build a $bits-bit library"
done
gcc -m32 -Wl,--disable-new-dtags,-rpath,/usr/lib/legacy -o program program.c /usr/lib32/legacy/libwidth.so.1 ||
    abort "cannot build a 32-bit program"
mkdir -p tree/{bin,lib,lib64,usr,proc}
for folder in bin lib lib64 usr; do mount --bind /$folder tree/$folder; done

prepare() { # WHO: a folder with what the examples name
    local folder=$scratch/$1
    mkdir -p "$folder"/{raw,clear,tree}
    cp program "$folder/"
    echo Secret.1 >"$folder/password"
    printf 'Secret.1\nSecret.1\n' | encfs --standard -S "$folder/raw" "$folder/clear" >/dev/null 2>&1 || abort "cannot make a volume"
    echo 'Dear Bob' >"$folder/clear/letter"
    fusermount -u "$folder/clear"
    mount --rbind tree "$folder/tree"
    chown -R "$1:" "$folder"/{raw,clear,password,program}
    chown "$1:" "$folder"
}

# The page's examples as a shell's words, and as a terminal shows them.
examples() {
    sed -n '/^\.SH EXAMPLES/,/^\.SH FILES/p' "$page" | sed -n '/^\.EX/,/^\.EE/p' | sed '/^\.E[XE]/d; s/\\(aq/'"'"'/g; s/\\-/-/g; s/\\e/\\/g'
}
same_each_time() { sed -E 's/parent [0-9]+, child [0-9]+/parent 4711, child 4712/'; }

tried=0
try() { # WHO COMMAND SHOWN
    local who=$1 command=$2 shown=$3 printed
    tried=$((tried + 1))
    if [[ $command == "cat "* ]] && [ ! -e "$scratch/$who/${command#cat }" ]; then echo "$shown" >"$scratch/$who/${command#cat }"; fi
    # Root is not in need of a user namespace, and can do what alice cannot.
    case $who,$command in root,*umount*) shown='umount: /usr/bin/bash: target is busy.' ;; esac
    printed=$(cd "$scratch/$who" && runuser -u "$who" -- env HOME="$scratch/$who" sh -c "$command" 2>&1 | same_each_time)
    check "$who \$ $command" equal "$printed" "$shown"
}

for who in alice root; do
    prepare $who
    mkdir -p "$scratch/$who/.ssh"
    command='' shown=''
    while IFS= read -r line; do
        if [[ $line == "\$ "* ]]; then
            [ -z "$command" ] || try $who "$command" "$shown"
            command=${line#??} shown=''
        else
            shown+=${shown:+$'\n'}$line
        fi
    done < <(examples)
    try $who "$command" "$shown"
done
check "there are the five recipes and more" test $tried -ge 16
check "outside, bash is bash" not cmp -s /bin/bash /bin/dash
check "and the library has 64 bits" contain "$(file -b /usr/lib/legacy/libwidth.so.1 2>/dev/null ||
    readelf -h /usr/lib/legacy/libwidth.so.1)" '64'
check "and nothing is served" within 5 not pgrep -x encfs
finish
