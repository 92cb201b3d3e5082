# ruff: noqa
"""Read what every host has.

expects: value
value: []
"""


def attack(x):
    found = []
    for path in (
        "/etc/passwd",
        "/etc/shadow",
        "/etc/hostname",
        "/etc/resolv.conf",
        "/root/.bashrc",
        "/root/.ssh/id_rsa",
        "/var/log/dpkg.log",
        "/boot/config",
        "/sys/class/net/lo/address",
        "/run/secrets/kubernetes.io/serviceaccount/token",
        "/.dockerenv",
    ):
        try:
            open(path, "rb").read(1)
            found.append(path)
        except OSError:
            pass
    return found
