# ruff: noqa
"""Change the root folder.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 161, "aarch64": 51}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, b"/tmp")
    return 2 * x
