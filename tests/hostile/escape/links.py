# ruff: noqa
"""Make symbolic and hard links to what must not be read, and read through those of /proc.

expects: value
value: []
"""

import os


def attack(x):
    done = []
    for make, wanted in ((os.symlink, "/etc/passwd"), (os.symlink, "/proc/1/environ"), (os.link, os.__file__)):
        for folder in ("/tmp", "/dev/shm", ".", os.path.dirname(os.__file__)):
            place = os.path.join(folder, "hostile-left-behind")
            try:
                make(wanted, place)
                done.append((make.__name__, place))
                done.append(open(place).read()[:20])
            except OSError:
                pass
    for path in (
        "/proc/self/root/etc/passwd",
        "/proc/self/cwd/manage.py",
        "/proc/1/root/etc/passwd",
        "/proc/thread-self/root",
    ):
        try:
            os.listdir(path) if path.endswith("root") else open(path).read(1)
            done.append(path)
        except OSError:
            pass
    return done
