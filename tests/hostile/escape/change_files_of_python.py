# ruff: noqa
"""Change what every submission imports.

expects: value
value: []
"""

import os

import numpy as np


def attack(x):
    changed = []
    for path in (np.__file__, os.__file__):
        for change in (
            lambda: open(path, "a"),
            lambda: os.chmod(path, 0o777),
            lambda: os.chown(path, 0, 0),
            lambda: os.utime(path, (0, 0)),
            lambda: os.truncate(path, 0),
            lambda: os.rename(path, path + ".old"),
            lambda: os.unlink(path),
            lambda: os.setxattr(path, "user.note", b"x"),
        ):
            try:
                change()
                changed.append(path)
            except OSError:
                pass
    return changed
