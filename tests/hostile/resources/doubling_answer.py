# ruff: noqa
"""Return a small object that doubles sixty times when written out.

expects: malformed cpu_time memory
"""


def attack(x):
    bomb = [0]
    for _ in range(25):
        bomb = [bomb, bomb]
    return bomb
