# ruff: noqa
"""Switch off address randomisation.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 135, "aarch64": 92}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0x0040000)
    return 2 * x
