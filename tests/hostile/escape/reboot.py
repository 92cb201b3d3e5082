# ruff: noqa
"""Reboot the host.

expects: forbidden
"""

import ctypes
import platform

# The number of the call on this architecture.
NUMBER = {"x86_64": 169, "aarch64": 142}[platform.machine()]


def attack(x):
    ctypes.CDLL(None, use_errno=True).syscall(NUMBER, 0xFEE1DEAD, 672274793, 0x1234567, 0)
    return 2 * x
