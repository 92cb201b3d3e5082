"""Whether labs can run on this host, as a sentence for learners. Cheap enough for every page: nothing is started.

What only shows when a box is opened (a wall that a container forbids, say) is told with the attempt itself.
"""

import sys
from contextlib import suppress
from functools import cache

from django.conf import settings

from codelabs.models import Lab
from codelabs.sandbox import Unavailable, imports_torch, pool, runtimes, syscalls, walls


def why_unavailable(runtime: str = "numpy") -> str:
    """Why labs of `runtime` cannot run here, or an empty string if nothing speaks against it."""
    if not settings.CELERY_TASK_ALWAYS_EAGER:
        return ""  # workers grade, on hosts that this process knows nothing about
    return _what_is_missing(runtime)


@cache
def _what_is_missing(runtime: str) -> str:
    if sys.platform != "linux":
        return "The sandbox needs Linux."
    if walls.landlock_version() < 1:
        return "The sandbox needs Landlock, which this kernel does not offer."
    try:
        runtimes.runtime(runtime)
        syscalls.program(threads=False, native_code=False)
    except Unavailable as absent:
        return absent.reason
    return ""


def warm_up(lab: Lab) -> None:
    """Start, without waiting, the zygotes that grading `lab` will need, so that the first verdict need not wait.

    Only where this process grades. Somebody who reads a statement leaves time enough for importing NumPy and torch.
    """
    if not (settings.SANDBOX_WARM_UP and settings.CELERY_TASK_ALWAYS_EAGER):
        return
    oracle = "torch" if imports_torch(lab.file("oracle.py")) else lab.runtime
    for runtime in dict.fromkeys((lab.runtime, oracle)):
        with suppress(Unavailable):  # the page says why labs cannot run; the attempt says it again
            pool().warm(runtime)
