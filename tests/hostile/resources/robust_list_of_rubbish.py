# ruff: noqa
"""Leave the kernel a list of locks to tidy up that has no end, and die.

expects: exited crashed
"""

import ctypes
import os
import struct


def attack(x):
    libc = ctypes.CDLL(None)
    head = ctypes.create_string_buffer(24)
    address = ctypes.addressof(head)
    head.raw = struct.pack("=QqQ", address, 0, 0xDEADBEEF)
    libc.syscall(273, head, 24)
    os._exit(0)
