"""TeX for other programs: our shorthands spelt out, as MathJax and the like do not know them."""

import re
from collections.abc import Mapping

_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ARGUMENT = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)


def expand(tex: str, macros: Mapping[str, str]) -> str:
    """The formula with each macro replaced by its meaning; `#1` stands for its one argument, a group or a token.

    `\\vec{h}_t` becomes `\\mathbf{h}_t` where `vec` means `\\mathbf{#1}`. What is cut off or unbalanced stays as it is.
    """
    parts: list[str] = []
    place = 0
    for match in _COMMAND.finditer(tex):
        if match.start() < place or match[1] not in macros or _escaped(tex, match.start()):
            continue
        meaning, end = macros[match[1]], match.end()
        if "#1" in meaning:
            argument, end = _argument(tex, end)
            # Spelt out first, because a meaning may name another macro that must not be looked up (\vec in MathJax).
            meaning = meaning.replace("#1", expand(argument, macros))
        parts += [tex[place : match.start()], meaning]
        place = end
    return "".join([*parts, tex[place:]])


def _escaped(tex: str, place: int) -> bool:
    """Whether the backslash at `place` is the second of a line break `\\\\`."""
    before = tex[:place]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _argument(tex: str, place: int) -> tuple[str, int]:
    """What the macro before `place` takes, without its braces, and where the text goes on."""
    while place < len(tex) and tex[place].isspace():
        place += 1
    if not tex.startswith("{", place):
        match = _ARGUMENT.match(tex, place)
        return (match[0], match.end()) if match else ("", place)
    depth = 0
    for end in range(place, len(tex)):
        if _escaped(tex, end):
            continue
        depth += (tex[end] == "{") - (tex[end] == "}")
        if depth == 0:
            return tex[place + 1 : end], end + 1
    return tex[place + 1 :], len(tex)
