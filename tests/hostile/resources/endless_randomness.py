# ruff: noqa
"""Read random numbers for ever.

expects: cpu_time wall_time
"""


def attack(x):
    with open("/dev/urandom", "rb", buffering=0) as source:
        while True:
            source.read(1 << 20)
