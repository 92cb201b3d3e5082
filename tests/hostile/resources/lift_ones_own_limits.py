# ruff: noqa
"""Raise the limits again.

expects: value
value: []
"""

import resource


def attack(x):
    raised = []
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE", "RLIMIT_STACK"):
        soft, hard = resource.getrlimit(getattr(resource, name))
        for wish in ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), (hard + 1, hard + 1)):
            try:
                resource.setrlimit(getattr(resource, name), wish)
                raised.append(name)
            except (ValueError, OSError):
                pass
    return raised
