# ruff: noqa
"""Run out of memory while loading.

expects: memory
"""

hoard = [bytes(1 << 20) for _ in range(1 << 20)]
