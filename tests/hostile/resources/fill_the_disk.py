# ruff: noqa
"""Write files wherever that may work.

expects: value
value: []
"""

import os
import tempfile


def attack(x):
    places = ["/tmp", "/var/tmp", "/dev/shm", "/run", "/", ".", os.path.expanduser("~"), tempfile.gettempdir()]
    written = []
    for place in places:
        try:
            with open(os.path.join(place, "hostile-left-behind"), "wb") as file:
                file.write(bytes(1 << 20))
            written.append(place)
        except OSError:
            pass
    return written
