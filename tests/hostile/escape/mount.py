# ruff: noqa
"""Mount a file system.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 165, "aarch64": 40}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, b"none", b"/tmp", b"tmpfs", 0, 0)
    return 2 * x
