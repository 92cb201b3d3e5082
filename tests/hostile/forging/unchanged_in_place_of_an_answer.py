# ruff: noqa
"""Send the word for unchanged arguments where the value belongs.

expects: wrong malformed
"""

import sys


def attack(x):
    nodes = sys.modules["codelabs.sandbox.nodes"]
    nodes.Packer.node = lambda packer, value, depth=0: True
    return 2 * x
