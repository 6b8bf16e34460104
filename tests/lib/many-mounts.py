#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""many-mounts.py FOLDER MOUNTS: fills the mount table of a user and mount namespace of its own, with paths as long as they may be; prints
"ready", and waits until its input ends. FOLDER is empty, and not below what root cannot enter."""

import ctypes
import os
import sys

CLONE_NEWUSER, CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x10000000, 0x20000, 4096, 16384, 1 << 18
libc = ctypes.CDLL(None, use_errno=True)


def must(result, what):
    if result != 0:
        sys.exit(f"{what}: {os.strerror(ctypes.get_errno())}")


folder, mounts = sys.argv[1], int(sys.argv[2])
must(libc.unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare")
must(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "make private")
os.chdir(folder)
os.mkdir("onto")
onto = os.open("onto", os.O_PATH)
depth = 0
while depth + 256 < 3800:
    os.mkdir("d" * 250)
    os.chdir("d" * 250)
    depth += 251
for _ in range(mounts):
    # Each from below the last: what is on top of it is found at once.
    must(libc.mount(b".", f"/proc/self/fd/{onto}".encode(), None, MS_BIND, None), "bind")
print("ready", flush=True)
sys.stdin.read()
