# ruff: noqa
"""Open paths of odd forms.

expects: value
value: []
"""


def attack(x):
    opened = []
    for path in (
        "/../../etc/passwd",
        "//etc//passwd",
        b"/etc/\xff",
        "/" * 5000,
        "%s%s%n",
        "/proc/self/root/etc/passwd",
        "",
        "/etc/passwd\0.py",
    ):
        try:
            open(path)
            opened.append(path)
        except (OSError, ValueError):
            pass
    return opened
