# ruff: noqa
"""Open a file from an interpreter within the interpreter.

expects: value raised crashed exited
value: []
"""

import _xxsubinterpreters as interpreters


def attack(x):
    inner = interpreters.create()
    try:
        interpreters.run_string(inner, "open('/etc/passwd').read()")
    except interpreters.RunFailedError as problem:
        return [] if "PermissionError" in str(problem) or "FileNotFoundError" in str(problem) else [str(problem)]
    return ["read"]
