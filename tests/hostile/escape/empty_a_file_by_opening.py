# ruff: noqa
"""Open files for reading and ask for them to be emptied, which old versions of Landlock do not look at.

expects: value
value: []
"""

import os

import numpy as np


def attack(x):
    emptied = []
    here = os.path.dirname(np.__file__)
    # Those are empty as it is: that opening them works is the damage.
    for path in [os.path.join(here, "py.typed"), os.path.join(here, "char", "py.typed"), "/dev/null", "/dev/zero"]:
        for flags in (os.O_TRUNC, os.O_TRUNC | os.O_NONBLOCK, os.O_TRUNC | os.O_NOFOLLOW, os.O_TRUNC | os.O_DSYNC):
            try:
                emptied.append((path, os.open(path, os.O_RDONLY | flags)))
            except OSError:
                pass
    return emptied
