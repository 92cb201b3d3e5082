# ruff: noqa
"""Return an object that is equal to everything.

expects: malformed
"""


class Equal:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self


def attack(x):
    return Equal()
