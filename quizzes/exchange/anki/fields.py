"""Our Markdown as the HTML of Anki's fields: TeX in \\( … \\), which Anki shows by MathJax, pictures as media files."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prepsite.lib import markdown, media
from prepsite.lib.markdown import formula_as_tex, unwrapped
from quizzes.content import cloze
from quizzes.media_names import names_in, spellings

_IMAGE = re.compile(r'(<img\b[^>]*\bsrc=")(/[^"]+)(")')
_SOUND = re.compile(r'<audio\b[^>]*\bsrc="(/media/[^"]+)"[^>]*></audio>')
_LINK = re.compile(r'(<a\b[^>]*\bhref=")(/[^"]*)(")')


@dataclass
class Writer:
    """Writes fields. `origin` is where links into the site go, such as https://prep.example.org (no slash at the end).
    `own` are the addresses of the learner's pictures and sounds by their names. `pictures` gathers the site's pictures
    that were used: the address on the site by the name of the media file; `used` the names of the learner's."""

    origin: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._names = {address: name for name, address in self.own.items()}

    def html(self, text: str) -> str:
        return self._for_anki(markdown.render(text, formula_as_tex).html)

    def cloze(self, text: str, number: int = 1) -> str:
        """The front of a cloze card with its gaps as Anki's, all of the one card: {{c1::tanh}}."""
        body = markdown.render(cloze.with_stand_ins(text), formula_as_tex).html
        answers = [self._gap(accepted) for accepted in cloze.gaps(text)]
        return self._for_anki(cloze.filled(body, lambda place: f"{{{{c{number}::{answers[place]}}}}}"))

    def as_it_was(self, field: str) -> str:
        """A field that came from Anki: what it shows comes along."""
        self.used |= names_in(field)
        return field

    def address(self, written: str) -> str | None:
        """Where what a field calls so is served."""
        return next((self.own[name] for name in spellings(written) if name in self.own), None)

    def link(self, address: str, text: str) -> str:
        return f'<a href="{html.escape(self.origin + address)}">{html.escape(text)}</a>'

    def _gap(self, accepted: Iterable[str]) -> str:
        inside = unwrapped(markdown.render(next(iter(accepted)), formula_as_tex)).html
        # Anki ends a gap at the first two closing braces and looks for a hint after two colons.
        return _kept_apart(inside).replace("::", ":&#8203;:")

    def _for_anki(self, body: str) -> str:
        body = _SOUND.sub(lambda match: f"[sound:{self._media(match[1])}]", body)
        body = _IMAGE.sub(lambda match: f"{match[1]}{self._media(match[2])}{match[3]}", body)
        return _LINK.sub(rf"\g<1>{self.origin}\g<2>\g<3>", body).strip()

    def _media(self, address: str) -> str:
        if address.startswith(media.PREFIX):
            name = self._names.get(address, address.removeprefix(media.PREFIX))
            self.used.add(name)
            return html.escape(name)
        name = address.strip("/").replace("/", "-")
        self.pictures[name] = address
        return name


def _kept_apart(text: str) -> str:
    """No two closing braces side by side: between them a space, which means nothing in TeX."""
    while "}}" in text:
        text = text.replace("}}", "} }")
    return text
