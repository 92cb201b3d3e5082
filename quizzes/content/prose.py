"""Markdown of content: rendered once, and looked over for what readers would stumble on."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from prepsite.lib import markdown
from prepsite.lib.markdown import Rendered
from quizzes.content.fields import Problems

_IMAGE = re.compile(r"<img\b[^>]*>")
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
_ID = re.compile(r'\bid="([^"]*)"')

# A whole load needs every text twice, once to look it over and once to store it; admin pages need a few.
block = lru_cache(maxsize=30_000)(markdown.render)


def inline(text: str) -> Rendered:
    """One line, for options, rubric points and lists."""
    return markdown.unwrapped(block(text))


def check(text: str, line: int, problems: Problems, *, within: str = "") -> Rendered:
    """Render, and report broken formulas, unclosed code, images without a description and anchors to nowhere.

    `line` is that of the text's first line in its file. `within` names the part in the message of a problem.
    """
    rendered = block(text)
    label = f"{within}: " if within else ""

    def place(fragment: str) -> int:
        before = text.find(fragment)
        return line + text.count("\n", 0, before) if before >= 0 else line

    for number, message in rendered.problems:
        problems.add(line + max(number - 1, 0), f"{label}{message}")
    for image in _IMAGE.findall(rendered.html):
        source = re.search(r'src="([^"]*)"', image)
        if not source:
            problems.add(place("!["), f"{label}an image does not come from this site; put it under /static/")
        elif not re.search(r'alt="[^"]*[^"\s][^"]*"', image):
            problems.add(place(source[1]), f"{label}the image {source[1]} has no alternative text")
    anchors = set(_ID.findall(rendered.html))
    for target in links(text):
        if target.startswith("#") and target[1:] not in anchors:
            problems.add(place(target), f"{label}the link {target} goes to nowhere on its page")
        elif not re.match(r"#|/|[a-z]+:", target):
            problems.add(place(target), f"{label}the link {target} is relative: begin it with / or https://")
    return rendered


def links(text: str) -> tuple[str, ...]:
    """Where the links of a Markdown text go."""
    return tuple(html.unescape(target) for target in _LINK.findall(block(text).html))


def figures(text: str) -> tuple[str, ...]:
    """The names of the figures that a text shows: what stands after /static/figures/ in the addresses of images."""
    return tuple(re.findall(r'<img\b[^>]*\bsrc="/static/figures/([^"]*)"', block(text).html))


# Characters that these texts use, as they look after their UTF-8 bytes were read in another encoding.
_USED = (
    "“”‘’„–—…•·×−≤≥≠≈∞∂∇∑∏√⊙→←⇒⇔‖½¼€£°±²³¹⁰⁻⁺ᵀₜ✓✗\u00a0"
    + "äöüßéèêëàâáçñôóòíïúûåøæÄÖÜÉ"
    + "αβγδεζηθικλμνξπρστφχψωΓΔΘΛΣΦΨΩ"
)
_OTHERS = ("cp1252", "mac_roman", "cp874", "cp1251")


def _damaged() -> Iterator[tuple[str, str]]:
    for character in _USED:
        for encoding in _OTHERS:
            # Bytes that the encoding leaves undefined come out as control characters, as browsers have it.
            wrong = "".join(_decode(byte, encoding) for byte in character.encode())
            yield wrong, character


def _decode(byte: int, encoding: str) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)


_DAMAGE = dict(_damaged())
_MOJIBAKE = re.compile("|".join(re.escape(wrong) for wrong in sorted(_DAMAGE, key=len, reverse=True)))
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")


def check_characters(text: str, problems: Problems, first_line: int = 1) -> None:
    """Report text that was read in the wrong encoding once (“â€™” for “’”), and characters that are no text."""
    for number, line in enumerate(text.split("\n"), start=first_line):
        if found := _MOJIBAKE.search(line):
            problems.add(number, f"“{found[0]}” is “{_DAMAGE[found[0]]}” read in the wrong encoding")
        elif found := _NOT_TEXT.search(line):
            problems.add(number, f"a character that is not text (U+{ord(found[0]):04X})")
