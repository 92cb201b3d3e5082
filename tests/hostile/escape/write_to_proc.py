# ruff: noqa
"""Change one's own standing through /proc.

expects: value
value: []
"""


def attack(x):
    done = []
    for path in (
        "/proc/self/mem",
        "/proc/self/oom_score_adj",
        "/proc/self/uid_map",
        "/proc/sysrq-trigger",
        "/proc/sys/kernel/core_pattern",
    ):
        try:
            open(path, "r+b")
            done.append(path)
        except OSError:
            pass
    return done
