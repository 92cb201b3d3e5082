# ruff: noqa
"""Load a module into the kernel.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 313, "aarch64": 273}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 3, b"", 0)
    return 2 * x
