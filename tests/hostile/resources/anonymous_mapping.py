# ruff: noqa
"""Take memory from the kernel directly.

expects: raised memory
"""

import mmap


def attack(x):
    return len(mmap.mmap(-1, 4 << 30))
