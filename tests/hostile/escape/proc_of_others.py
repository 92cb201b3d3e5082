# ruff: noqa
"""Read other processes through /proc.

expects: value
value: []
"""

import os


def attack(x):
    found = []
    for process in [*range(1, 50), os.getppid()]:
        for name in ("environ", "cmdline", "mem", "maps", "root", "cwd"):
            try:
                open(f"/proc/{process}/{name}", "rb").read(1)
                found.append((process, name))
            except OSError:
                pass
            try:
                os.readlink(f"/proc/{process}/{name}")
                found.append((process, name))
            except OSError:
                pass
    return found
