# ruff: noqa
"""Announce an answer of endless length.

expects: answer_bytes
"""

from codelabs.sandbox import wire


def attack(x):
    wire.HEADER = type("Liar", (), {"pack": staticmethod(lambda *_: b"box1" + b"\xff" * 12), "size": 16})
    return 2 * x
