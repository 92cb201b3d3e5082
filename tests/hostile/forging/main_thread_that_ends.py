# ruff: noqa
"""End the first thread alone and let another one answer for it, so that the process looks dead and lives.

expects: wall_time
limits: threads=2
machine: x86_64
"""

import ctypes
import sys
import threading
import time

EXIT = 60


def attack(x):
    frame = sys._getframe(1)
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    desk, nonce = frame.f_locals["self"], frame.f_locals["nonce"]

    def later():
        desk._send(nonce, "ok", 2 * x, None, None)
        time.sleep(60)

    threading.Thread(target=later).start()
    ctypes.CDLL(None).syscall(EXIT, 0)
