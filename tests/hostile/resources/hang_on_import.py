# ruff: noqa
"""Never finish loading.

expects: cpu_time
"""

while True:
    pass
