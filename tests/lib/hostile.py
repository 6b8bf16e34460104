# SPDX-License-Identifier: Apache-2.0
"""hostile.py answers PROGRAM: serves PROGRAM, run as jnsenter, answers of all kinds in the daemon's place, good ones among them.
hostile.py arguments PROGRAM SEED COUNT: runs PROGRAM as jnsenter with command lines and environments that nobody has.
Exits with 0 if the program and the daemon stay sane, and says what they did if not."""

import array
import os
import random
import signal
import socket
import subprocess
import sys

SOCKET = "/run/jns/jnsd.sock"


def words(*all):
    return b"".join((w if isinstance(w, bytes) else w.encode()) + b"\0" for w in all)


RECIPES = [
    words("open", "0", "-", "/proc/self/ns/uts", "uts", "enter", "1", "0", "argv", "2", "true", "x", "exec", "true"),
    words("process", "1", "2", "1", "0", "open", "3", "1", "ns/net", "net", "open-if", "4", "1", "ns/user", "user", "skip-own", "4", "user", "trusted", "3", "4",
          "enter", "2", "3", "4", "fork", "pid", "all", "0", "groups", "2", "4", "5", "gid", "7", "uid", "7", "argv", "1", "true", "exec", "true"),
    words("env-clear", "env", "A=b", "wd-in", "/tmp", "wd-try", "/nowhere", "wd-stay", "fork", "always", "block", "9", "keep-caps", "drop-caps", "no-new-privs",
          "argv", "1", "true", "exec", "/bin/true"),
    words("open", "9", "-", "/", "dir", "root", "9", "wd", "9", "environ", "9", "argv", "1", "x", "exec", "true"),
    words("print", "text\n", "say", "text\n", "exit", "0"),
    words("pty", "always", "-1", "-", "default-ids", "both", "argv", "1", "true", "exec", "true"),
]


def reply(kind, *fields):
    return bytes([1, kind]) + b"".join(len(f).to_bytes(2, "big") + f for f in fields)


def memory(content):
    fd = os.memfd_create("recipe")
    os.write(fd, content)
    return fd


def mutated(chance, text):
    text = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        at, what = chance.randrange(len(text) or 1), chance.randrange(6)
        if what == 0 and text:
            text[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            text[at:at] = bytes([chance.choice(b"\0\0-09 a\xff")])
        elif what == 2:
            del text[at:at + chance.randint(1, 8)]
        elif what == 3:
            text[at:at] = text[chance.randrange(len(text) or 1):][:chance.randint(1, 40)]
        elif what == 4:
            text[at:at] = words(str(chance.choice([0, 63, 64, 4294967295, 18446744073709551615, -1])))
        else:
            del text[at:]
    return bytes(text)


def once(program, listening, packet, contents):
    """How the program ends that gets this answer, and what it says."""
    process = subprocess.Popen(["jnsenter", "x"], executable=program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={"PATH": "/usr/bin:/bin", "ASAN_OPTIONS": "exitcode=99:detect_leaks=0", "UBSAN_OPTIONS": "exitcode=99"})
    connection, _ = listening.accept()
    connection.recv(100)
    fds = [memory(content) for content in contents]
    connection.sendmsg([packet], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else [])
    for fd in fds:
        os.close(fd)
    connection.close()
    try:
        _, said = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        sys.exit("it hangs: %r %r" % (packet, contents))
    if process.returncode == 99 or b"Sanitizer" in said or b"runtime error" in said or process.returncode in (-signal.SIGSEGV, -signal.SIGABRT):
        sys.exit("status %d for %r %r: %s" % (process.returncode, packet, contents, said.decode(errors="replace")))
    return process.returncode, said


def answers(program):
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listening.bind(SOCKET)
    listening.listen(10)
    chance = random.Random(5)
    good = 0
    for recipe in RECIPES:
        code, said = once(program, listening, reply(0x86), [recipe])
        good += code == 0
    if good < 4:
        sys.exit("good recipes are not carried out: %d, %r %r" % (good, code, said))
    bad = [
        (b"", [RECIPES[0]]), (b"\1", []), (b"\2\x86", [RECIPES[0]]), (reply(0x86), []), (reply(0x86, b"x"), [RECIPES[0]]), (reply(0x81, b"0" * 16, b""), [RECIPES[0]]),
        (reply(0x83, b""), []), (reply(0x83, b"no"), [RECIPES[0]]), (reply(0x83, b"a\x1b[2Jb"), []), (reply(0x83, b"no") + b"x", []), (reply(0x83, b"n" * 1025), []),
        (b"\1\x83\xff\xffno", []), (b"x" * 5000, []), (reply(0x86), [b""]), (reply(0x86), [RECIPES[0]] * 40), (reply(0x86), [b"\0"]), (reply(0x86), [b"exec"]),
        (reply(0x86), [words("exec", "true")]), (reply(0x86), [words("wd", "5")]), (reply(0x86), [words("enter", "1", "0"), b"no namespace"]),
        (reply(0x86), [words("argv", "0", "exec", "true")]), (reply(0x86), [words("env", "no variable")]), (reply(0x86), [words("uid", "4294967295")]),
    ]
    for packet, contents in bad:
        code, said = once(program, listening, packet, contents)
        if code != 125 or b"\x1b" in said:
            sys.exit("status %d for %r %r: %r" % (code, packet, contents, said))
    for _ in range(250):
        once(program, listening, reply(0x86), [mutated(chance, chance.choice(RECIPES))])
    for _ in range(50):
        once(program, listening, mutated(chance, reply(0x83, b"cannot do it")), [])


PIECES = ["alice", "alice", "-m", "-t", "1", "-a", "-n", "--net=", "--net=/proc/self/ns/net", "/proc/1/ns/mnt", "session:", "session:00", "session:../../etc/passwd",
          "unit:cron", "unit:../x", "pid:1", "pid:1:1", "pid:99999999999999999999", "view:../../x", "view:.", "-S", "root", "alice", "-G", "follow", "4294967295", "-1", "--login",
          "--host", "-w", "-w/", "-W/x", "-r", "-e", "--env", "A=b", "--env=", "--", "", "-", "--pty", "--no-pty", "-F", "-c", "-Z", "-N", "3", "--user-parent", "-U",
          "--keep-caps", "--trust-mounts", "\x01\x1b[2J", "x" * 5000, "%s%n", "true", "true", "true", "--help", "-V", "-h", "-\xff", "--\xff=\xfe", "\xff\xfe\xc3\x28"]


def arguments(program, seed, count):
    chance = random.Random(int(seed))
    ran = 0
    for _ in range(int(count)):
        line = [chance.choice(PIECES).encode("latin-1") for _ in range(chance.randint(0, 7))]
        if chance.random() < 0.5:
            line.append(b"true")
        environment = {b"PATH": b"/usr/bin:/bin", b"SHELL": chance.choice([b"/bin/true", b"", b"\xff", b"/nowhere"]), b"TERM": b"x" * chance.randint(0, 300),
                       b"ASAN_OPTIONS": b"exitcode=99:detect_leaks=0", b"UBSAN_OPTIONS": b"exitcode=99",
                       bytes([chance.choice(b"\x01\xffAaZ_ 9")]) * chance.randint(1, 9): b"x" * chance.randint(0, 9000)}
        result = subprocess.run([b"jnsenter"] + line, executable=program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, timeout=20)
        if result.returncode not in (0, 125, 126, 127) or b"internal" in result.stderr or b"\x1b" in result.stderr or b"Exception" in result.stderr:
            sys.exit("status %d for %r: %r" % (result.returncode, line, result.stderr))
        ran += result.returncode == 0
    if ran == 0:
        sys.exit("none of them was a good one")


if __name__ == "__main__":
    {"answers": answers, "arguments": arguments}[sys.argv[1]](*sys.argv[2:])
