# ruff: noqa
"""Import packages of the site by way of its folders.

expects: value
value: []
"""

import importlib
import os
import sys

import numpy as np


def attack(x):
    sys.path.insert(0, os.path.dirname(os.path.dirname(np.__file__)))
    importlib.invalidate_caches()
    found = []
    for name in ("torch", "django", "celery", "pytest", "psycopg", "redis", "pyseccomp", "prepsite", "codelabs.models"):
        try:
            importlib.import_module(name)
            found.append(name)
        except Exception:
            pass
    return found
