# SPDX-License-Identifier: Apache-2.0
"""typed-login.py USER PASSWORD COMMAND: logs in by login(1) on a terminal of its own, as a person would, and prints what the command did."""

import os
import pty
import select
import sys
import time

user, password, command = sys.argv[1:]
pid, screen = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb"
    os.execvp("login", ["login", user])
seen = b""
typed = False
begin = time.monotonic()
while time.monotonic() - begin < 40:
    ready, _, _ = select.select([screen], [], [], 0.3)
    if ready:
        try:
            part = os.read(screen, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    if not typed and b"assword:" in seen:
        os.write(screen, password.encode() + b"\n")
        typed = True
        seen = b""
    elif typed and typed != "command" and not ready and seen.strip():
        # The marks are not what is echoed.
        os.write(screen, ("echo '<beg''in>'; (%s) 2>&1; echo '<e''nd>'; exit\n" % command).encode())
        typed = "command"
text = seen.decode(errors="replace").replace("\r", "")
if "<begin>\n" not in text:
    print(text)
    sys.exit(1)
print(text.split("<begin>\n", 1)[1].split("<end>", 1)[0], end="")
