"""What a Markdown text may ask of its parser.

Python-Markdown starts anew at every opening sign and looks for the closing one to the end of the text, so the time
for n signs that are never closed grows with n². Each kind of sign below therefore has a number that no honest text
comes near, small enough that the longest text with the most of all of them is rendered in about two seconds.
"""

import re
from typing import Any

from markdown import Markdown
from markdown.inlinepatterns import LinkInlineProcessor

LONGEST = 50_000  # characters
LONGEST_LINK = 1_000  # characters of a link's text, and again of its address
LONGEST_FORMULA = 2_000  # characters; math-core descends into braces on a stack that ends the process when it is full

_MOST = (
    ("opening brackets", re.compile(r"\["), 2_000),
    ("HTML tags", re.compile(r"<[A-Za-z/]"), 500),
    ("HTML declarations", re.compile(r"<[!?]"), 20),
    ("openings of formulas by backslash", re.compile(r"\\[(\[]|\\begin\{"), 500),
    ("quotes within quotes", re.compile(r"^(?:[ \t]*(?:>|[-*+] )){30}", re.MULTILINE), 0),
)


def too_much(source: str) -> str | None:
    """Why this text is not rendered, as a sentence; None if it may be. Takes time in proportion to its length."""
    if len(source) > LONGEST:
        return f"the text is longer than {LONGEST:,} characters and is shown as it was typed"
    for name, sign, most in _MOST:
        if sum(1 for _ in sign.finditer(source)) > most:
            return f"the text has {f'more than {most:,}' if most else 'too many'} {name} and is shown as it was typed"
    return None


def keep_links_short(parser: Markdown) -> None:
    """Let the parser look for the end of a link only `LONGEST_LINK` characters ahead."""
    for processor in parser.inlinePatterns:
        if isinstance(processor, LinkInlineProcessor):
            processor.getText = _nearby(processor.getText)  # type: ignore[method-assign]
            processor.getLink = _nearby(processor.getLink)  # type: ignore[method-assign]


def _nearby(method: Any) -> Any:
    def look(data: str, index: int) -> Any:
        return method(data[: index + LONGEST_LINK], index)

    return look
