# ruff: noqa
"""Send a skeleton of brackets alone.

expects: malformed
"""

from codelabs.sandbox import wire


def attack(x):
    wire.json = type("Liar", (), {"dumps": staticmethod(lambda *_, **__: "[" * 500_000)})
    return 2 * x
