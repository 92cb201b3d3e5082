# ruff: noqa
"""Hold the kernel at a page fault.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 323, "aarch64": 282}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0)
    return 2 * x
