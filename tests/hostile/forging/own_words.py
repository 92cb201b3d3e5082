# ruff: noqa
"""Take over the answering, and say that a wrong answer went well.

expects: wrong
"""

from codelabs.sandbox import child

send = child.Desk._send


def attack(x):
    child.Desk._send = lambda self, nonce, ending, value, given, error: send(self, nonce, "ok", 0.0, given, None)
    raise ValueError("never told")
