# ruff: noqa
"""List the folders of the host.

expects: value
value: []
"""

import os


def attack(x):
    found = []
    for place in ("/home", "/etc", "/proc", "/sys", "/root", "/var", "/tmp", "/run", "/opt", "/srv", "/mnt"):
        try:
            found += os.listdir(place)
        except OSError:
            pass
    return found
