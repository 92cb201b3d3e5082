# ruff: noqa
"""Type into the terminal of whoever started the site.

expects: value
value: []
"""

import fcntl


def attack(x):
    done = []
    for number in range(4):
        try:
            fcntl.ioctl(number, 0x5412, b"x")
            done.append(number)
        except OSError:
            pass
    return done
