# ruff: noqa
"""Find the site from where NumPy lies, and read its code, settings, database and other labs.

expects: value
value: []
"""

import os

import numpy as np

WANTED = (
    "manage.py",
    "prepsite/settings.py",
    "var/db.sqlite3",
    "db.sqlite3",
    "fixtures/topics.toml",
    ".env",
    "README.md",
)


def attack(x):
    found = []
    folder = os.path.dirname(np.__file__)
    while folder != "/":
        folder = os.path.dirname(folder)
        for name in (*WANTED, "django/__init__.py", "pytest/__init__.py", "pyvenv.cfg"):
            try:
                open(os.path.join(folder, name), "rb").read(1)
                found.append(name)
            except OSError:
                pass
    return found
