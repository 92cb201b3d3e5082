# ruff: noqa
"""Start a program.

expects: forbidden
"""

import subprocess


def attack(x):
    subprocess.run(["/bin/true"])
    return 2 * x
