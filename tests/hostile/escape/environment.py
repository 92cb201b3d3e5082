# ruff: noqa
"""Look for secrets in the environment.

expects: value
value: []
"""

import os


def attack(x):
    return sorted(
        name for name in os.environ if "SECRET" in name or "KEY" in name or "DATABASE" in name or "HOSTILE" in name
    )
