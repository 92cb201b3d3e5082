# ruff: noqa
"""Let packing one part of the answer change the parts already packed.

expects: wrong malformed raised
"""


class Sly(dict):
    def items(self):
        target[0] = 2 * target[0]
        return [("a", target[0])]


target = []


def attack(x):
    target[:] = [x]
    return [x, Sly()]
