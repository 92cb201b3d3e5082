# ruff: noqa
"""Raise a syntax error whose text, line and file are lies.

expects: raised
"""


class Line(int):
    def __int__(self):
        raise RuntimeError


def attack(x):
    problem = SyntaxError("no")
    problem.filename = "submission.py"
    problem.lineno = Line(10**30)
    problem.text = "x" * 10_000_000
    problem.offset = -(10**30)
    problem.end_offset = "?"
    raise problem
