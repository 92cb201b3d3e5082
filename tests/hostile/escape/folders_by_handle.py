# ruff: noqa
"""Take hold of a folder without opening it, and open files from there.

expects: value
value: []
"""

import os


def attack(x):
    found = []
    for folder, name in (("/etc", "passwd"), ("/", "etc/passwd"), ("/proc", "self/environ"), ("/root", ".bashrc")):
        try:
            place = os.open(folder, os.O_PATH)
            os.read(os.open(name, os.O_RDONLY, dir_fd=place), 1)
            found.append(folder)
        except OSError:
            pass
    return found
