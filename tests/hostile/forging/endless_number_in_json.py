# ruff: noqa
"""Send a number of half a million digits.

expects: malformed
"""

from codelabs.sandbox import wire


def attack(x):
    wire._write = lambda *_, **__: "[" + "9" * 500_000 + "]"
    return 2 * x
