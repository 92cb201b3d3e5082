# ruff: noqa
"""Fall asleep while loading.

expects: wall_time
"""

import time

time.sleep(3600)
