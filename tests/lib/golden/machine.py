# SPDX-License-Identifier: Apache-2.0
"""Makes the facts of a golden plan true on this machine, which must be a throw-away view, and undoes it."""

import ctypes
import os
import shutil
import socket
import stat

LIBC = ctypes.CDLL(None, use_errno=True)
MS = {"ro": 1, "nosuid": 2, "nodev": 4, "noexec": 8, "nosymfollow": 256}
ST = {"ro": 1, "nosuid": 2, "nodev": 4, "noexec": 8, "nosymfollow": 8192}
MS_REMOUNT, MS_BIND, MNT_DETACH = 32, 4096, 2
NOBODY = 4242
# Of these, single files and folders are changed; all other folders in / get a tmpfs for the time of one login.
SYSTEM = {"etc", "usr", "bin", "sbin", "lib", "lib32", "lib64", "proc", "sys", "dev", "run", "var", "root", "boot"}


class Impossible(Exception):
    """This machine cannot be made so."""


def mount(source, target, kind, flags, data=""):
    if LIBC.mount(source.encode(), target.encode(), kind.encode(), flags, data.encode()) != 0:
        raise Impossible(f"mount {kind} {source} {target}: {os.strerror(ctypes.get_errno())}")


def flags_at(path):
    bits = os.statvfs(path).f_flag
    return {name for name, bit in ST.items() if bits & bit}


class Fact:
    """One line of a .facts file, see FactsFile.java."""

    def __init__(self, line):
        words = line.split()
        self.path, self.kind = words[0], words[1]
        self.why = " ".join(words[2:])
        self.present = self.kind in ("dir", "file", "other")
        self.real = self.path
        if self.present:
            self.mode = int(words[2], 8)
            self.uid, self.gid = (int(number) for number in words[3].split(":"))
            self.flags = set() if words[4] == "-" else set(words[4].split(","))
            self.trusted = words[5] == "root"
            self.real = words[6] if len(words) > 6 else self.path

    def looks_trusted(self):
        return self.uid == 0 and self.mode & 0o022 == 0


class Login:
    """A user line, and what is there when this user logs in."""

    def __init__(self, line, common):
        words = line.split()
        self.user = words[1]
        self.uid, self.gid = (int(number) for number in words[2].split(":"))
        more = {"group": self.user, "groups": "", "home": "/home/" + self.user, "service": "sshd"}
        more.update(word.split("=", 1) for word in words[3:])
        self.group, self.groups, self.home, self.service = more["group"], more["groups"], more["home"], more["service"]
        self.own = []
        self.common = common

    def facts(self):
        own = {fact.path for fact in self.own}
        every = [fact for fact in self.common if fact.path not in own] + self.own
        return sorted(every, key=lambda fact: fact.path.count("/"))


def read(path):
    """The logins of a .facts file."""
    common, logins = [], []
    for line in open(path, encoding="utf-8"):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("user "):
            logins.append(Login(line, common))
        else:
            (logins[-1].own if logins else common).append(Fact(line))
    return logins


class Machine:
    """Use with "with": what was made is gone afterwards."""

    def __init__(self, login):
        self.login = login
        self.facts = login.facts()
        self.undo = []
        self.marks = {}

    def __enter__(self):
        try:
            self.accounts()
            self.areas()
            for fact in self.facts:
                self.make(fact)
            for fact in self.facts:
                self.distrust(fact)
            return self
        except OSError as error:
            self.__exit__()
            raise Impossible(str(error)) from error
        except Impossible:
            self.__exit__()
            raise

    def __exit__(self, *_):
        for action, *arguments in reversed(self.undo):
            action(*arguments)

    def accounts(self):
        login = self.login
        passwd, group = open("/etc/passwd").read(), open("/etc/group").read()
        self.undo += [(write, "/etc/passwd", passwd), (write, "/etc/group", group)]
        # The first entry of a name or a number counts.
        more = f"x:x:60001:{login.user}\n" if login.groups else ""
        write("/etc/group", f"{login.group}:x:{login.gid}:\n" + more + group)
        if login.uid != 0:
            write("/etc/passwd", f"{login.user}:x:{login.uid}:{login.gid}::{login.home}:/bin/sh\n" + passwd)

    def areas(self):
        tops = {}
        for fact in self.facts:
            for path in {fact.path, fact.real} - {"/"}:
                parts = path.split("/")
                top = "/" + parts[1]
                if path.startswith("/var/tmp"):
                    tops["/var/tmp"] = True
                elif parts[1] not in SYSTEM:
                    itself = path == top and (not fact.present or fact.kind != "dir" or fact.real != path)
                    tops[top] = tops.get(top, True) and not itself
        for top in sorted(top for top, is_area in tops.items() if is_area):
            self.folder(top)
            mount("golden", top, "tmpfs", 0, "mode=" + ("1777" if top.endswith("/tmp") else "755"))
            self.undo.append((unmount, top))

    def folder(self, path):
        """With those on the way to it."""
        if not os.path.isdir(path):
            self.folder(os.path.dirname(path))
            os.mkdir(path)
            os.chmod(path, 0o755)
            self.undo.append((remove, path))

    def make(self, fact):
        if fact.kind == "missing":
            if os.path.lexists(fact.path):
                raise Impossible(f"{fact.path} is there")
        elif fact.kind == "unusable":
            if "symbolic link" not in fact.why:
                raise Impossible(f"{fact.path} is not usable: {fact.why}")
            self.folder(os.path.dirname(fact.path))
            os.symlink("elsewhere", fact.path)
            os.lchown(fact.path, NOBODY, NOBODY)
            self.undo.append((remove, fact.path))
        else:
            self.thing(fact)
            self.flag(fact)
            self.link(fact)

    def thing(self, fact):
        path = fact.real
        self.folder(os.path.dirname(path))
        if os.path.lexists(path):
            there = os.stat(path)
            if not path.startswith("/proc"):
                self.undo.append((own, path, there.st_uid, there.st_gid, stat.S_IMODE(there.st_mode)))
        else:
            if fact.kind == "dir":
                os.mkdir(path)
            elif fact.kind == "file":
                write(path, path)
            elif path.startswith("/dev/"):
                os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
            else:
                with socket.socket(socket.AF_UNIX) as made:
                    made.bind(path)
            self.undo.append((remove, path))
        if path != "/" and not path.startswith("/proc"):
            own(path, fact.uid, fact.gid, fact.mode)
        # To know the folder again, whatever is mounted where.
        if fact.kind == "dir" and path.split("/")[1] not in SYSTEM | {""}:
            self.marks[path] = ".of" + path.replace("/", "-")
            write(path + "/" + self.marks[path], "")

    def flag(self, fact):
        path = fact.real
        if flags_at(path) == fact.flags:
            return
        bits = sum(MS[flag] for flag in fact.flags)
        if path == "/proc":
            mount("proc", path, "proc", bits)
        elif path.startswith("/proc") and fact.kind == "dir":
            mount("golden", path, "tmpfs", bits, f"mode={fact.mode:o}")
        else:
            mount(path, path, "", MS_BIND)
            mount("", path, "", MS_REMOUNT | MS_BIND | bits)
        self.undo.append((unmount, path))

    def link(self, fact):
        path, real = fact.path, fact.real
        if os.path.realpath(path) == os.path.realpath(real):
            return
        while os.path.basename(path) == os.path.basename(real) and not os.path.isdir(os.path.dirname(path)):
            path, real = os.path.dirname(path), os.path.dirname(real)
        self.folder(os.path.dirname(path))
        if os.path.lexists(path):
            raise Impossible(f"{path} is there, and leads not to {real}")
        os.symlink(real, path)
        self.undo.append((remove, path))

    def distrust(self, fact):
        """What has root's owner and mode, and yet is not root's alone: then somebody else can change the folder that it is in."""
        around = os.path.dirname(fact.real)
        if not fact.present or fact.trusted or not fact.looks_trusted() or around.split("/")[1] in SYSTEM | {""}:
            return
        for other in self.facts:
            below = other.path == around or other.path.startswith(around + "/")
            if below and other.present and (other.path == around or other.trusted or other.real != other.path):
                return
        os.chmod(around, 0o1777)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def own(path, uid, gid, mode):
    os.chown(path, uid, gid)
    os.chmod(path, mode)


def unmount(path):
    LIBC.umount2(path.encode(), MNT_DETACH)


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)
