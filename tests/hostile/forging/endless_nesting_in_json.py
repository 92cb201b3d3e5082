# ruff: noqa
"""Send a skeleton of brackets alone.

expects: malformed
"""

from codelabs.sandbox import wire


def attack(x):
    wire._write = lambda *_, **__: "[" * 500_000
    return 2 * x
