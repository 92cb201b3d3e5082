# ruff: noqa
"""Change the number 2 in memory, for everything in this process that counts.

expects: wrong malformed crashed exited cpu_time raised wall_time
"""

import ctypes
import sys


def attack(x):
    ctypes.c_uint32.from_address(id(2) + sys.getsizeof(0)).value = 3
    return 0 * x
