"""The suite once more where hosts differ: as an ordinary user, and as one to whom namespaces are forbidden.

`make test` as root proves both with the suite itself; as an ordinary user the suite is that proof already.
"""

import os
import subprocess
import sys

import pytest

NESTED = "HOSTILE_NESTED"
pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="the suite itself runs as an ordinary user here"),
    pytest.mark.skipif(NESTED in os.environ, reason="this is the suite within the suite"),
]


def suite(*words: str, become: tuple[str, ...] = ()) -> str:
    """The last line of what pytest says about the suite, run by somebody else."""
    command = [sys.executable, "-m", "tests.hostile.become", *become]
    command += [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", *words]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=1_800, check=False, env={**os.environ, NESTED: "1"}
    )
    if "PermissionError" in done.stderr and "mount namespace" in done.stderr:
        pytest.skip("this Python lies where no other user can go, and this root may not change that")
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
    return done.stdout.strip().splitlines()[-1]


def test_every_attack_ends_the_same_for_an_ordinary_user() -> None:
    assert "passed" in suite("tests/hostile/test_hostile.py", "-m", "not torch")


def test_where_namespaces_are_forbidden_the_inner_walls_carry_it() -> None:
    said = suite("tests/hostile/test_hostile.py", "-k", "escape and not torch", become=("--no-namespaces",))
    assert "passed" in said
    assert "skipped" in said  # bubblewrap could not build a box
