# ruff: noqa
"""Run machine code from memory of one's own.

expects: forbidden
"""

import mmap


def attack(x):
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).write(b"\xc3")
    return 2 * x
