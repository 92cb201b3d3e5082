# ruff: noqa
"""Read or leave secrets in the kernel's keyrings.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 250, "aarch64": 219}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0, -3, 0, 0, 0)
    return 2 * x
