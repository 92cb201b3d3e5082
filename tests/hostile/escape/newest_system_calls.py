# ruff: noqa
"""Try every system call that is newer than the filter.

expects: value
value: []
machine: x86_64
"""

import ctypes
import errno


def attack(x):
    libc = ctypes.CDLL(None, use_errno=True)
    managed = []
    for number in range(449, 520):
        ctypes.set_errno(0)
        if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM):
            managed.append(number)
    return managed
