# ruff: noqa
"""Send a skeleton that is no JSON.

expects: malformed
"""

from codelabs.sandbox import wire


def attack(x):
    wire._write = lambda *_, **__: "{'a': __import__('os')}"
    return 2 * x
