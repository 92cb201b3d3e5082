# ruff: noqa
"""Make folders, links and pipes wherever that may work.

expects: value
value: []
"""

import os


def attack(x):
    made = []
    for place in ("/tmp", "/var/tmp", "/dev/shm", "/", "."):
        path = os.path.join(place, "hostile-left-behind")
        for make in (
            os.mkdir,
            os.mkfifo,
            os.mknod,
            lambda path: os.symlink("/etc/passwd", path),
            lambda path: os.link("/etc/passwd", path),
        ):
            try:
                make(path)
                made.append(path)
            except OSError:
                pass
    return made
