# SPDX-License-Identifier: Apache-2.0
"""Holds a session's mounts against the plan that jnsctl explain printed."""

import os
import re
import stat

import machine

FLAGS = set(machine.MS)
# What each shows with the mounts that lie on it.
RECURSIVE = {"bind", "passthrough", "readonly"}


class Mount:
    """A line of mountinfo, proc(5)."""

    def __init__(self, line):
        first, second = line.split(" - ", 1)
        fields = first.split()
        self.id, self.parent, self.device = fields[0], fields[1], fields[2]
        self.root, self.where = (re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), text) for text in fields[3:5])
        self.flags = FLAGS & set(fields[5].split(","))
        self.propagation = {word.split(":")[0] for word in fields[6:]}
        self.type, _, options = second.rstrip("\n").split(" ", 2)
        self.options = options.split(",")

    def what(self):
        return self.device, self.root, self.where, self.type


def read(pid):
    with open(f"/proc/{pid}/mountinfo", encoding="utf-8") as file:
        # The session is not about the daemon's mounts.
        return [found for found in map(Mount, file) if not found.where.startswith("/run/jns")]


class Comparison:
    """One session. The problems are sentences; none is what is hoped for."""

    def __init__(self, explained, pid, host, marks):
        self.steps = explained["steps"]
        self.uid = explained["uid"]
        self.root = f"/proc/{pid}/root"
        self.host = host
        self.session = read(pid)
        self.by_id = {found.id: found for found in self.session}
        self.marks = marks
        self.problems = []
        self.made = {}

    def compare(self):
        for step in self.steps:
            details = step["details"].split()
            step["flags"] = {flag for word in details for flag in word.split(",")} & FLAGS
            if step["action"] in ("create", "make"):
                self.check_made(step)
            else:
                self.check_mount(step)
        self.check_rest()
        return self.problems

    def wrong(self, step, found, expected):
        self.problems.append(f"{step['action']} {step['target']}: found {found}, planned {expected}")

    def above(self, target):
        """The nearest mount of the plan that the target lies on."""
        while target != "/":
            target = os.path.dirname(target)
            if target in self.made:
                return self.made[target]
        return None

    def chain(self, found):
        while found is not None:
            yield found
            found = self.by_id.get(found.parent)

    def find(self, step):
        """The topmost mount there, in what the plan has put around it."""
        around = self.above(step["target"])
        there = [m for m in self.session if m.where == step["target"]]
        top = [m for m in there if not any(other.parent == m.id for other in there)]
        if around is not None:
            return [m for m in top if around in list(self.chain(m))[1:]]
        planned = {m.id for m in self.made.values()}
        return [m for m in top if not planned & {other.id for other in list(self.chain(m))[1:]}]

    def check_made(self, step):
        kind, mode, owner = step["details"].split()
        place = step["target"] if step["action"] == "create" else self.root + step["target"]
        covered = any(other["target"] == step["target"] and other is not step for other in self.steps)
        try:
            there = os.lstat(place)
        except OSError as error:
            self.wrong(step, error.strerror, kind)
            return
        if stat.S_ISDIR(there.st_mode) != (kind == "folder"):
            self.wrong(step, oct(there.st_mode), kind)
        if step["action"] == "create" or not covered:
            self.check_owner(step, there, mode, owner)

    def check_owner(self, step, there, mode, owner):
        found = f"{stat.S_IMODE(there.st_mode):04o} {there.st_uid}:{there.st_gid}"
        if found != f"{mode} {owner}":
            self.wrong(step, found, f"{mode} {owner}")

    def check_mount(self, step):
        found = self.find(step)
        if len(found) != 1 or found[0].what() in {m.what() for m in self.host} and step["action"] not in RECURSIVE:
            self.wrong(step, f"{len(found)} mounts there", "one of its own")
            return
        mount = self.made[step["target"]] = found[0]
        getattr(self, "check_" + step["action"])(step, mount)

    def on_host(self, path):
        """The flags of the host's mount that shows a path."""
        at = os.path.realpath(path)
        return machine.flags_at(at)

    def check_flags(self, step, mount, more=frozenset()):
        if mount.flags != step["flags"] | more:
            self.wrong(step, sorted(mount.flags), sorted(step["flags"] | more))

    def check_type(self, step, mount, expected):
        if mount.type != expected:
            self.wrong(step, mount.type, expected)

    def check_propagation(self, step, mount, usual):
        words = [word for word in step["details"].split() if word.startswith("propagation=")]
        planned = words[0].split("=")[1] if words else usual
        # A mount can follow only one that shares.
        follows = planned == "slave" and os.environ["JNS_VIEW"] == "shared"
        if mount.propagation - {"propagate_from"} != ({"master"} if follows else set()):
            self.wrong(step, sorted(mount.propagation), planned)

    def check_fresh(self, step, mount):
        details = step["details"].split()
        at = next(i for i, word in enumerate(details) if re.fullmatch(r"[0-7]{4}", word))
        self.check_owner(step, os.stat(self.root + step["target"]), details[at], details[at + 1])
        self.check_flags(step, mount)

    def check_limits(self, step, options):
        for name, number in re.findall(r"\b(size|nr_inodes)=(\d+)", step["details"]):
            expected = f"size={-(-int(number) // 4096) * 4}k" if name == "size" else f"{name}={number}"
            if expected not in options:
                self.wrong(step, options, expected)

    def check_private(self, step, mount):
        self.check_fresh(step, mount)
        self.check_propagation(step, mount, "private")
        if not mount.root.startswith(f"/{self.uid}/") or mount.device != self.device("/var/lib/jns"):
            self.wrong(step, mount.root, "a folder of the user's below /var/lib/jns")
        shared = re.search(r" in (%\S+)", step["details"])
        others = [m for m in self.made.values() if m is not mount and (m.device, m.root) == (mount.device, mount.root)]
        if others and not shared or shared and not mount.root.endswith("/" + shared[1]):
            self.wrong(step, mount.root, "a folder of its own" if not shared else shared[1])
        if "skel=" not in step["details"] and not shared:
            self.check_empty(step)

    def device(self, where):
        return [m.device for m in self.host if m.where == where][-1]

    def check_empty(self, step):
        own = {other["target"][len(step["target"]):].split("/")[1] for other in self.steps if other["target"].startswith(step["target"] + "/")}
        there = set(os.listdir(self.root + step["target"]))
        if there != own:
            self.wrong(step, sorted(there), sorted(own))

    def check_tmpfs(self, step, mount):
        self.check_type(step, mount, "tmpfs")
        self.check_fresh(step, mount)
        self.check_limits(step, mount.options)
        self.check_empty(step)

    def check_overlay(self, step, mount):
        self.check_type(step, mount, "overlay")
        self.check_fresh(step, mount)
        lower = re.match(r"of (.*) (?:keep|discard) ", step["details"])[1].split(", ")
        marks = {self.marks[path] for path in lower if path in self.marks}
        there = set(os.listdir(self.root + step["target"]))
        if not marks <= there or any(mark in there for path, mark in self.marks.items() if path not in lower):
            self.wrong(step, sorted(there), sorted(marks))

    def check_proc(self, step, mount):
        self.check_type(step, mount, "proc")
        self.check_flags(step, mount)
        planned = {word for word in step["details"].split() if "=" in word}
        if not planned <= set(mount.options):
            self.wrong(step, mount.options, sorted(planned))

    def check_hide(self, step, mount):
        there = os.stat(self.root + step["target"])
        if stat.S_IMODE(there.st_mode) != 0 or there.st_uid != 0 or stat.S_ISDIR(there.st_mode) != (step["details"] == "folder"):
            self.wrong(step, oct(there.st_mode), "an empty " + step["details"])
        if mount.flags != {"ro", "nosuid", "nodev", "noexec"}:
            self.wrong(step, sorted(mount.flags), "all flags")

    def check_bind(self, step, mount):
        source, there = os.stat(step["source"]), os.stat(self.root + step["target"])
        if (source.st_dev, source.st_ino) != (there.st_dev, there.st_ino):
            self.wrong(step, "something else", step["source"])
        self.check_flags(step, mount, self.on_host(step["source"]))
        self.check_propagation(step, mount, "slave")

    check_passthrough = check_bind

    def check_readonly(self, step, mount):
        self.check_flags(step, mount, self.by_id[mount.parent].flags)
        self.check_propagation(step, mount, "slave")

    def check_rest(self):
        """No mount of the host is missing, and there is none that the plan does not have."""
        mounts = [m.what() for m in self.session]
        for what in {m.what() for m in self.host}:
            if mounts.count(what) < [m.what() for m in self.host].count(what):
                self.problems.append(f"the host's {what} is not in the session")
        shown = {self.made[step["target"]].id for step in self.steps if step["target"] in self.made and step["action"] in RECURSIVE}
        planned = {m.id for m in self.made.values()}
        more = [m for m in self.session if m.id not in planned and not shown & {other.id for other in self.chain(m)}]
        if len(more) != len(self.host):
            extra = [m.what() for m in more if m.what() not in {h.what() for h in self.host}]
            self.problems.append(f"the session has {len(more) - len(self.host)} mounts that nothing plans: {extra}")
