# ruff: noqa
"""Signal to another submission by locks and leases on files that both can read.

expects: value
value: []
"""

import fcntl
import os


def attack(x):
    done = []
    with open(os.__file__) as file:
        for name, lock in (
            ("flock", lambda: fcntl.flock(file, fcntl.LOCK_SH)),
            ("record", lambda: fcntl.lockf(file, fcntl.LOCK_SH)),
            ("lease", lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)),
            ("notify", lambda: fcntl.fcntl(file, fcntl.F_NOTIFY, fcntl.DN_ACCESS)),
            ("owner", lambda: fcntl.fcntl(file, fcntl.F_SETOWN, os.getppid())),
        ):
            try:
                lock()
                done.append(name)
            except OSError:
                pass
    return done
