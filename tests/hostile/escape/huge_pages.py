# ruff: noqa
"""Map huge pages, which other accounts of memory leave out.

expects: value memory raised
value: []
"""

import ctypes
import mmap

MAP_HUGETLB = 0x40000


def attack(x):
    managed = []
    for size in (2 << 20, 1 << 30):
        try:
            mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_HUGETLB)
            managed.append(size)
        except (OSError, ValueError):
            pass
    return managed
