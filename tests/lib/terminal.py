# SPDX-License-Identifier: Apache-2.0
"""terminal.py CASE COMMAND...: starts the command at a terminal of its own, as its session's leader's foreground job, and looks at what
becomes of both. Exits with 0 if all is as it should be, and says what is not."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


class Terminal:
    def __init__(self, rows=31, columns=97):
        self.master, self.slave = pty.openpty()
        self.size(rows, columns)
        self.seen = b""
        self.before = termios.tcgetattr(self.slave)

    def size(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def start(self, command):
        """A shell's way: a session, with the command as its foreground job; the shell is the process that waits."""
        self.shell = os.fork()
        if self.shell == 0:
            os.close(self.master)
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in range(3):
                os.dup2(self.slave, fd)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            job = os.fork()
            if job == 0:
                os.setpgid(0, 0)
                os.tcsetpgrp(0, os.getpid())
                signal.signal(signal.SIGTTOU, signal.SIG_DFL)
                os.execvp(command[0], command)
            while True:
                _, status = os.waitpid(job, os.WUNTRACED)
                if os.WIFSTOPPED(status):
                    os.tcsetpgrp(0, os.getpid())
                    raw = not termios.tcgetattr(0)[3] & termios.ECHO
                    os.write(1, b"<stopped%s>" % (b" raw" if raw else b""))
                    time.sleep(0.3)
                    os.tcsetpgrp(0, job)
                    os.killpg(job, signal.SIGCONT)
                    continue
                os.tcsetpgrp(0, os.getpid())
                code = os.waitstatus_to_exitcode(status)
                os.write(1, b"<ended %d>" % code)
                # What somebody has typed for us, be it nobody.
                fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)
                attributes = termios.tcgetattr(0)
                attributes[3] &= ~termios.ICANON
                termios.tcsetattr(0, termios.TCSANOW, attributes)
                time.sleep(0.2)
                try:
                    typed = os.read(0, 100)
                except BlockingIOError:
                    typed = b""
                os.write(1, b"<typed %d>" % len(typed))
                os._exit(0)

    def wait_for(self, text, seconds=10):
        end = time.monotonic() + seconds
        while text not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                sys.exit("%r did not come, but %r" % (text, self.seen[-2000:]))
            self.seen += os.read(self.master, 65536)
        before, self.seen = self.seen.split(text, 1)
        return before

    def type(self, text):
        os.write(self.master, text)

    def ended(self, code):
        self.wait_for(b"<ended %d>" % code)
        return int(self.wait_for(b">").rsplit(b" ", 1)[1])


def expect(good, what):
    if not good:
        sys.exit(what)


def own(command):
    """The command has another terminal, of the same size, and nothing of it stays on the caller's."""
    t = Terminal()
    t.start(command + ["sh", "-c", "tty; stty size; stty -a | tr ' ' '\\n' | grep -x echo; echo end-of-it"])
    text = t.wait_for(b"end-of-it")
    expect(os.ttyname(t.slave).encode() not in text, "it is the caller's terminal: %r" % text)
    expect(b"31 97" in text, "it has another size: %r" % text)
    expect(b"\r\necho\r\n" in text, "it does not echo: %r" % text)
    t.ended(0)
    now = termios.tcgetattr(t.slave)
    expect(now[:3] == t.before[:3], "the terminal is not what it was: %r %r" % (t.before, now))


def same(command):
    """The command is on the caller's own terminal."""
    t = Terminal()
    t.start(command + ["sh", "-c", "tty; echo end-of-it"])
    expect(os.ttyname(t.slave).encode() in t.wait_for(b"end-of-it"), "it is another terminal")
    t.ended(0)


PUSH = """import fcntl, termios
try:
    for c in b'rm -rf all\\n': fcntl.ioctl(%s, termios.TIOCSTI, bytes([c]))
except OSError as e: print(e)
print('end-of-it')"""


def pushed(command):
    """How much the command could type into the caller's terminal: exits with 0 if it could, with 1 if not."""
    got = 0
    for where in ("0", "1", "2", "open('/dev/tty')"):
        t = Terminal()
        t.start(command + ["python3", "-c", PUSH % where])
        t.wait_for(b"end-of-it")
        got += t.ended(0)
    sys.exit(0 if got > 0 else 1)


def resize(command):
    t = Terminal()
    t.start(command + ["sh", "-c", "trap 'stty size; exit 4' WINCH; echo ready; while :; do sleep 0.1; done"])
    t.wait_for(b"ready")
    t.size(40, 50)
    t.wait_for(b"40 50")
    t.ended(4)


def keys(command):
    """^C ends it, as it ends a command; ^D is the end of the input; ^\\ quits."""
    for key, code in ((b"\x03", -signal.SIGINT), (b"\x1c", -signal.SIGQUIT)):
        t = Terminal()
        t.start(command + ["sh", "-c", "ulimit -c 0; echo ready; exec sleep 20"])
        t.wait_for(b"ready")
        time.sleep(0.1)
        t.type(key)
        t.ended(code)
    t = Terminal()
    t.start(command + ["sh", "-c", "cat; exit 5"])
    t.type(b"line\n")
    t.wait_for(b"line\r\nline\r\n")
    t.type(b"\x04")
    t.ended(5)


def suspend(command):
    """^Z stops it, the terminal is the shell's as it was, and it goes on."""
    t = Terminal()
    t.start(command + ["sh", "-c", "echo ready; cat; exit 6"])
    t.wait_for(b"ready\r\n")
    # The answer of cat shows that the shell has left vfork(2) (see PAUSES).
    t.type(b"line\n")
    t.wait_for(b"line\r\nline\r\n")
    for _ in range(2):
        t.type(b"\x1a")
        t.wait_for(b"<stopped>")
        time.sleep(0.5)
        t.type(b"more\n")
        t.wait_for(b"more\r\nmore\r\n")
    t.type(b"\x04")
    t.ended(6)


def shell(command):
    """Job control of a shell inside is its own."""
    t = Terminal()
    t.start(command + ["bash", "--norc", "--noprofile", "-i"])
    t.type(b"PS1=; echo on''ce\n")
    t.wait_for(b"once\r\n")
    t.type(b"sleep 20\n")
    time.sleep(0.5)
    t.type(b"\x1a")
    t.wait_for(b"Stopped")
    t.type(b"kill -KILL %1; wait; sleep 0.2; exit 7\n")
    t.ended(7)


def killed(command):
    """A signal from outside ends the command, and the terminal is as it was."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        t = Terminal()
        t.start(command + ["sh", "-c", "echo ready $$; exec sleep 20"])
        t.wait_for(b"ready")
        time.sleep(0.2)
        group = os.tcgetpgrp(t.master)
        os.kill(group, number)
        t.ended(-number)
        expect(termios.tcgetattr(t.slave)[3] & termios.ECHO, "the terminal does not echo any more")


def much(command):
    """Nothing of the output is lost, also at the end."""
    t = Terminal()
    t.start(command + ["sh", "-c", "seq 100000; printf end-of-it; exit 3"])
    text = t.wait_for(b"end-of-it")
    expect(text.replace(b"\r\n", b"\n") == b"".join(b"%d\n" % i for i in range(1, 100001)), "it is not all there: %d bytes" % len(text))
    t.ended(3)


def paste(command):
    """A lot of input, to one who does not read at once."""
    t = Terminal()
    t.start(command + ["sh", "-c", "stty -echo; echo ready; sleep 0.5; cksum; exit 0"])
    t.wait_for(b"ready\r\n")
    for _ in range(50):
        t.type(b"x" * 79 + b"\n")
    t.type(b"\x04")
    expect(b" 4000" in t.wait_for(b"<ended 0>"), "it is not all there")


def output(command):
    """What goes to a file is not changed on the way."""
    t = Terminal()
    t.start(["sh", "-c", '"$@" sh -c "echo a; test -t 0 && test -t 2 && echo b" >/srv/jns-tests/written', "sh"] + command)
    t.ended(0)
    text = open("/srv/jns-tests/written", "rb").read()
    expect(text == b"a\nb\n", "%r is written" % text)


def hangup(command):
    """The command ends when the terminal goes."""
    t = Terminal()
    t.start(command + ["sh", "-c", "echo ready $$ end; exec sleep 20"])
    t.wait_for(b"ready ")
    pid = int(t.wait_for(b" end"))
    os.close(t.slave)
    os.close(t.master)
    for _ in range(50):
        if not os.path.exists("/proc/%d" % pid):
            return
        time.sleep(0.1)
    sys.exit("it goes on")


def guarded(command):
    """Nothing that it runs reaches the caller's terminal: it leaves a note of what it found (tests/lib/reach)."""
    note = "/srv/jns-tests/reached"
    with open(note, "w"):
        os.chmod(note, 0o666)
    t = Terminal()
    t.start(command)
    typed = t.ended(0)
    found = open(note).read()
    device = os.stat(os.ttyname(t.slave)).st_rdev
    number = os.minor(device) & 0xFF | os.major(device) << 8 | (os.minor(device) & ~0xFF) << 12
    words = found.strip("<>").split()
    expect(len(words) == 6, "it did not run: %r, %r" % (found, t.seen))
    expect(typed == 0, "it has typed %d bytes" % typed)
    expect(os.ttyname(t.slave) not in words, "it has the caller's terminal: " + found)
    expect(words[5] != str(number), "the caller's terminal controls its session")


def fed(command):
    """The same, with a file as the input."""
    with open("/srv/jns-tests/input", "w") as file:
        file.write("input\n")
    return ["sh", "-c", 'exec "$@" </srv/jns-tests/input', "sh"] + command


# Not a loop of sleep(1) in sh: dash starts programs by vfork(2). If ^Z stops the child before its execve(2), the kernel cannot stop the
# parent, and nobody learns of the stop.
PAUSES = """import os, signal, time
def go_on(*_):
    print('went on', flush=True)
    os._exit(6)
signal.signal(signal.SIGCONT, go_on)
print('ready', flush=True)
time.sleep(30)"""


def piped(command):
    """With an input that is no terminal: output, keys and the status are what they are without it."""
    for key, code in ((b"\x03", -signal.SIGINT), (b"\x1c", -signal.SIGQUIT)):
        t = Terminal()
        t.start(fed(command + ["sh", "-c", "ulimit -c 0; cat; echo err >&2; test -t 1 && echo ready; exec sleep 20"]))
        t.wait_for(b"input\r\nerr\r\nready\r\n")
        t.type(key)
        t.ended(code)
    t = Terminal()
    t.start(fed(command + ["python3", "-c", PAUSES]))
    t.wait_for(b"ready")
    t.type(b"\x1a")
    t.wait_for(b"<stopped>")
    t.wait_for(b"went on")
    t.ended(6)
    t = Terminal()
    t.start(fed(command + ["sh", "-c", "cat /dev/tty; test -t 0 || exit 7"]))
    t.ended(7)


def orphaned(command):
    """Without a terminal that goes: the command ends when the process outside is killed."""
    t = Terminal()
    t.start(fed(command + ["sh", "-c", "echo ready $$ end; exec sleep 20"]))
    t.wait_for(b"ready ")
    pid = int(t.wait_for(b" end"))
    os.kill(os.tcgetpgrp(t.master), signal.SIGKILL)
    t.ended(-signal.SIGKILL)
    end = time.monotonic() + 10
    while os.path.exists("/proc/%d" % pid):
        expect(time.monotonic() < end, "it goes on")
        time.sleep(0.05)


CASES = [guarded, piped, orphaned, own, same, pushed, resize, keys, suspend, shell, killed, much, paste, output, hangup]
if __name__ == "__main__":
    signal.alarm(40)
    {case.__name__: case for case in CASES}[sys.argv[1]](sys.argv[2:])
