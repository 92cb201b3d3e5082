"""Anki's own engine as a judge: programs that run in the environment that scripts/anki_env makes, never in ours."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CANNOT_BE_HAD = 3


@cache
def python() -> str:
    """The Python that has Anki's engine. Where its packages cannot be had the test is skipped and says so, unless
    ANKI_REQUIRED=1 says that they can."""
    made = subprocess.run([HERE.parent.parent / "scripts/anki_env"], capture_output=True, text=True, check=False)
    if made.returncode == CANNOT_BE_HAD and os.environ.get("ANKI_REQUIRED") != "1":
        pytest.skip(f"Anki's engine is not here and cannot be installed: {made.stderr.strip()[-300:]}")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def run(program: str, *arguments: object) -> Any:
    """What `program`, a file of this folder, prints as JSON."""
    command = [python(), str(HERE / program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)
