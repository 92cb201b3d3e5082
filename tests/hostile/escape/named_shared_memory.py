# ruff: noqa
"""Share memory by name.

expects: raised
"""

from multiprocessing import shared_memory


def attack(x):
    return shared_memory.SharedMemory("hostile-left-behind", create=True, size=64).size
