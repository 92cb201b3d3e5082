"""A small lab on disk: twice(x, n) -> n times x. Its oracle is NumPy's, so that no test here waits for torch."""

from pathlib import Path
from typing import Any

import tomlkit

TOML = """\
# A comment that its author wants to keep.
id = "6f8f8d0e-54a5-4a3c-9a47-0d5c3c9a1f11"
number = 901
title = "Scaling"
summary = "Scale an array."
topic = "neural-networks"
level = "basic"
runtime = "numpy"
entry = "scale"
minutes = 5
banned = ["numpy.multiply", "os"]
hints = ["One.", "Two.", "Three: $x^2$."]

[limits]
cpu_seconds = 2
wall_seconds = 4

[[wrong]]
file = "wrong/adds.py"
misconception = "adds"
says = "This behaves exactly like adding the factor."
why = "It is a **product**."

[[wrong]]
file = "wrong/in_place.py"
misconception = "in-place"
says = "The values are right, but `x` is overwritten."
why = "Make a new array."

[[wrong]]
file = "wrong/raises.py"
misconception = "raises-on-small"
says = "This behaves exactly like refusing arrays of three rows and dividing the others."
why = "All sizes are fine."

[[wrong]]
file = "wrong/negative.py"
misconception = "negative"
says = "This behaves exactly like a factor of the other sign."
why = "Keep the sign."
"""

FILES = {
    "lab.toml": TOML,
    "statement.md": "Scale `x` $(N, D)$ by `factor`.\n\n$$y = a x$$\n",
    "starter.py": "def scale(x, factor):\n    raise NotImplementedError\n",
    "solution.py": "def scale(x, factor):\n    return factor * x\n",
    "alternative.py": """\
import numpy as np


def scale(x, factor):
    return np.array([[factor * value for value in row] for row in x], dtype=x.dtype)
""",
    "oracle.py": "import numpy as np\n\n\ndef scale(x, factor):\n    return np.multiply(x, factor)\n",
    "cases.py": """\
from labkit.cases import case
from labkit.draw import states


def cases(rng):
    yield case("small", why="To compare by hand.", visible=True, args=(states(rng, 2, 3), 2.5))
    yield case("three-rows", why="Three rows.", args=(states(rng, 3, 2), -1.5))
    yield case("one-row", why="One row.", args=(states(rng, 1, 4), 0.5))
    yield case("float32", why="float32 stays float32.", args=(states(rng, 4, 2).astype("float32"), 3.0), rtol=1e-4)
""",
    "wrong/adds.py": "def scale(x, factor):\n    return factor + x\n",
    "wrong/in_place.py": "def scale(x, factor):\n    x *= factor\n    return x\n",
    "wrong/raises.py": """\
def scale(x, factor):
    if len(x) == 3:
        raise ValueError("three")
    return x / factor
""",
    "wrong/negative.py": "def scale(x, factor):\n    return -factor * x\n",
}


def make_folder(root: Path, slug: str = "scaling", **changes: str | None) -> Path:
    """The lab's folder below `root`. `changes` replace files by path ("/" as "__", "." as "_"); None leaves one out."""
    texts: dict[str, str | None] = dict(FILES)
    for name, text in changes.items():
        stem, _, suffix = name.rpartition("_")
        texts[f"{stem.replace('__', '/')}.{suffix}"] = text
    for name, text in texts.items():
        if text is not None:
            path = root / slug / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root / slug


def toml(**values: Any) -> str:
    """lab.toml with other values at its top level; None removes a key."""
    document = tomlkit.parse(TOML)
    for key, value in values.items():
        if value is None:
            document.remove(key)
        else:
            document[key] = value
    return tomlkit.dumps(document)
