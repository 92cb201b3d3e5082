# ruff: noqa
"""Raise without a trace.

expects: raised
"""

import sys
import traceback


def attack(x):
    sys.excepthook = lambda *_: None
    traceback.TracebackException = None
    traceback.format_exc = lambda *_: ""
    raise ValueError("no trace")
