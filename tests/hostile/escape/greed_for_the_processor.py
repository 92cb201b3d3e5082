# ruff: noqa
"""Ask for a better place in the queue.

expects: value
value: []
"""

import os


def attack(x):
    done = []
    for name, ask in (
        ("nice", lambda: os.setpriority(os.PRIO_PROCESS, 0, -20)),
        ("policy", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))),
        ("affinity", lambda: os.sched_setaffinity(0, {0})),
    ):
        try:
            ask()
            done.append(name)
        except OSError:
            pass
    return done
