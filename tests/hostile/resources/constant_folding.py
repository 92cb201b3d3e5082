# ruff: noqa
"""Have the compiler compute.

expects: cpu_time memory raised
"""


def attack(x):
    for power in range(1_000_000):
        compile(f"x = ((1 << 127) ** 1) ** {power % 7} * 'a' * 4000", "s", "exec")
