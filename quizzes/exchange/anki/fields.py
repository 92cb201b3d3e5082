"""Our Markdown as the HTML of Anki's fields: TeX in \\( … \\), which Anki shows by MathJax, pictures as media files."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from prepsite.lib import markdown
from prepsite.lib.markdown import formula_as_tex, unwrapped
from quizzes.content import cloze

_IMAGE = re.compile(r'(<img\b[^>]*\bsrc=")(/[^"]+)(")')
_LINK = re.compile(r'(<a\b[^>]*\bhref=")(/[^"]*)(")')


@dataclass
class Writer:
    """Writes fields. `origin` is where links into the site go, such as https://prep.example.org (no slash at the end).
    `pictures` gathers the pictures used: the address on the site by the name of the media file."""

    origin: str = ""
    pictures: dict[str, str] = field(default_factory=dict)

    def html(self, text: str) -> str:
        return self._for_anki(markdown.render(text, formula_as_tex).html)

    def cloze(self, text: str, number: int = 1) -> str:
        """The front of a cloze card with its gaps as Anki's, all of the one card: {{c1::tanh}}."""
        body = markdown.render(cloze.with_stand_ins(text), formula_as_tex).html
        answers = [self._gap(accepted) for accepted in cloze.gaps(text)]
        return self._for_anki(cloze.filled(body, lambda place: f"{{{{c{number}::{answers[place]}}}}}"))

    def link(self, address: str, text: str) -> str:
        return f'<a href="{html.escape(self.origin + address)}">{html.escape(text)}</a>'

    def _gap(self, accepted: Iterable[str]) -> str:
        inside = unwrapped(markdown.render(next(iter(accepted)), formula_as_tex)).html
        # Anki ends a gap at the first two closing braces and looks for a hint after two colons.
        return _kept_apart(inside).replace("::", ":&#8203;:")

    def _for_anki(self, body: str) -> str:
        body = _IMAGE.sub(lambda match: f"{match[1]}{self._media(match[2])}{match[3]}", body)
        return _LINK.sub(rf"\g<1>{self.origin}\g<2>\g<3>", body).strip()

    def _media(self, address: str) -> str:
        name = address.strip("/").replace("/", "-")
        self.pictures[name] = address
        return name


def _kept_apart(text: str) -> str:
    """No two closing braces side by side: between them a space, which means nothing in TeX."""
    while "}}" in text:
        text = text.replace("}}", "} }")
    return text
