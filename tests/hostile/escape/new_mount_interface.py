# ruff: noqa
"""Mount by the newer interface.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 430, "aarch64": 430}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, b"tmpfs", 0)
    return 2 * x
