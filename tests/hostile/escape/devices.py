# ruff: noqa
"""Open devices.

expects: value
value: []
"""

import os


def attack(x):
    opened = []
    for name in (
        "mem",
        "kmem",
        "kmsg",
        "tty",
        "console",
        "vda",
        "sda",
        "nvme0n1",
        "fuse",
        "kvm",
        "net/tun",
        "ptmx",
        "shm",
        "full",
        "port",
    ):
        for mode in (os.O_RDONLY, os.O_WRONLY):
            try:
                os.open(f"/dev/{name}", mode)
                opened.append(name)
            except OSError:
                pass
    return opened
