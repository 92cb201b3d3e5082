"""What a traceback says to the learner: frames of their own code, and a missing name in words. Pure.

What is read here comes from the learner's box: it is text, and nothing is made of it but text.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from codelabs.sandbox import Raised

_HEAD = "Traceback (most recent call last):"
_FRAME = '  File "'
_OURS = f"{_FRAME}labkit/"  # what performs a script: nothing that a learner wrote or can see
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_NAMES = 5


def told(error: Raised, module: str, source: str) -> Raised:
    """The exception as it is told to whoever wrote `source`, which the box knows as `module`."""
    missing = _missing(error, module)
    if missing:
        return replace(error, message=(said := _lacks(missing, source)), text=f"{error.type}: {said}\n")
    return replace(error, text=_without_ours(error.text))


def _missing(error: Raised, module: str) -> str:
    """The name that was asked of the learner's file and is not in it; empty if it is about something else."""
    if error.type != "AttributeError" or any(module in file for file, _, _ in error.frames):
        return ""
    found = re.fullmatch(rf"module '{re.escape(module)}' has no attribute '(\w{{1,100}})'.*", error.message, re.DOTALL)
    return found[1] if found else ""


def _lacks(name: str, source: str) -> str:
    defined = [found for found in dict.fromkeys(_DEFINED.findall(source)) if len(found) <= 100]
    others = f" It defines {', '.join(defined[:_NAMES])}{', …' if len(defined) > _NAMES else ''}." if defined else ""
    return f"this lab calls {name}, and your code has no function or class of that name at its top level.{others}"


def _without_ours(text: str) -> str:
    if _OURS not in text:
        return text
    return "".join(_kept(text.splitlines(keepends=True)))


def _kept(lines: list[str]) -> Iterator[str]:
    """The lines without frames of ours, and without a heading that has no frame left."""
    heading, skipping = "", False
    for line in lines:
        if line.startswith(_HEAD):
            heading, skipping = line, False
            continue
        if line.startswith(_FRAME):
            skipping = line.startswith(_OURS)
        elif not line.startswith("  "):
            heading, skipping = "", False  # the exception itself: whatever heading waited had no frame
        if skipping:
            continue
        yield heading + line
        heading = ""
