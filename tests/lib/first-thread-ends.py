#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""first-thread-ends.py FILE: a program whose first thread has ended and another one works on, until FILE no longer exists."""

import ctypes
import os
import sys
import threading
import time

SYS_EXIT = 60 if os.uname().machine == "x86_64" else 93


def work():
    while os.path.exists(sys.argv[1]):
        time.sleep(0.1)
    os._exit(0)


threading.Thread(target=work).start()
# As pthread_exit(3) does at its end. It is this thread's end alone.
ctypes.CDLL(None).syscall(SYS_EXIT, 0)
