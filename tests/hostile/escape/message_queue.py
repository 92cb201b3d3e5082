# ruff: noqa
"""Leave a message in a queue.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 68, "aarch64": 186}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 4711, 0o1666)
    return 2 * x
