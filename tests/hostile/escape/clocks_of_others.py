# ruff: noqa
"""Read how much processor time other processes have used, by the kernel's clocks of theirs.

expects: value
value: []
"""

import os
import time


def attack(x):
    read, myself = [], os.getpid()
    for process in {1, os.getppid(), *range(max(2, myself - 200), myself + 50)} - {myself}:
        for kind in range(8):  # of the process and of the thread: profiled, virtual, scheduled
            try:
                read.append((process, time.clock_gettime(~process << 3 | kind)))
            except OSError:
                pass
    assert time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID) > 0
    return read
