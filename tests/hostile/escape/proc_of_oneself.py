# ruff: noqa
"""Read one's own memory and environment through /proc.

expects: value
value: []
"""


def attack(x):
    found = []
    for name in (
        "environ",
        "mem",
        "maps",
        "cmdline",
        "fd/3",
        "fd/0",
        "root/etc/passwd",
        "cwd",
        "task",
        "status",
        "syscall",
    ):
        for process in ("self", "thread-self"):
            try:
                open(f"/proc/{process}/{name}", "rb").read(1)
                found.append(name)
            except OSError:
                pass
    return found
