# ruff: noqa
"""Announce the largest answer allowed, and send little of it.

expects: wall_time
"""

from codelabs.sandbox import wire


def attack(x):
    pack = wire.HEADER.pack
    wire.HEADER = type("Liar", (), {"pack": staticmethod(lambda mark, s, a: pack(mark, s, a + 100_000)), "size": 16})
    return 2 * x
