# ruff: noqa
"""Answer at once, and use the processor when nothing is asked; also while the next answer is awaited.

expects: cpu_time
"""

import os
import time

from codelabs.sandbox import child

real = child.os.read


def spin_and_read(*words):
    start = time.process_time()
    while time.process_time() - start < 0.6:
        pass
    return real(*words)


def attack(x):
    child._read.__globals__["os"] = type(os)("os")
    vars(child._read.__globals__["os"]).update(vars(os), read=spin_and_read)
    return 2 * x
