# ruff: noqa
"""Take over the hooks for warnings, unraisable exceptions and threads, and count on an error of the harness.

expects: wrong
"""

import sys
import threading
import warnings

import numpy as np


def forge(*_, **__):
    raise SystemExit("passed")


def attack(x):
    sys.excepthook = sys.unraisablehook = threading.excepthook = sys.displayhook = forge
    warnings.showwarning = warnings.formatwarning = forge
    warnings.simplefilter("error")
    np.seterr(all="call")
    np.seterrcall(forge)
    return 0 * x
