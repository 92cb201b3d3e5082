# ruff: noqa
"""Send a descriptor over the line to the parent.

expects: forbidden
"""

import ctypes
import platform

SENDMSG = {"x86_64": 46, "aarch64": 211}[platform.machine()]


def attack(x):
    ctypes.CDLL(None).syscall(SENDMSG, 3, 0, 0)
    return 2 * x
