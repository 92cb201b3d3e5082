# ruff: noqa
"""Go on whenever memory runs out.

expects: cpu_time wall_time memory
"""


def attack(x):
    hoard = []
    while True:
        try:
            hoard.append(bytes(10_000_000))
        except MemoryError:
            pass
