# ruff: noqa
"""Keep bytes in the kernel, in pipes that count towards no limit of memory.

expects: right
"""

import os


def attack(x):
    try:
        while True:
            _, write = os.pipe()
            os.set_blocking(write, False)
            try:
                while True:
                    os.write(write, bytes(65536))
            except BlockingIOError:
                pass
    except OSError:
        return 2 * x
