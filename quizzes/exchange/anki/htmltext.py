"""HTML of Anki's fields as Markdown: what a learner can read and edit, and the one renderer shows.

Nothing of the HTML itself is kept but a few harmless tags; what cannot be said in Markdown becomes its text.
"""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser

from quizzes.media_names import SOUND

_MATH = re.compile(
    r"\\\((?P<inline>.+?)\\\)|\\\[(?P<display>.+?)\\\]|\[\$\](?P<old>.+?)\[/\$\]|\[\$\$\](?P<old_display>.+?)\[/\$\$\]",
    re.DOTALL,
)
_MARK = "\ue000{}\ue001"  # private characters, which no text has, around the number of a formula
_MARKS = re.compile("\ue000(\\d+)\ue001")
_SPECIAL = re.compile(r"([\\`*_{}\[\]#$])")
_AT_START = re.compile(r"^(\s*)([-+:]|/{3}|[!?]{3}|\d+\.)", re.MULTILINE)
_BLOCKS = frozenset(
    """
    address article div dl dt dd figure h1 h2 h3 h4 h5 h6 hr p section table tr ul ol blockquote
    """.split()  # noqa: SIM905
)
_AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_KEPT = frozenset({"sub", "sup", "u"})
_SILENT = frozenset({"script", "style", "template", "title"})


def markdown(field: str, picture: Callable[[str], str | None] = lambda name: None) -> str:
    """The field as Markdown. `picture(name)` is the address of a media file here, None for one that is not here."""
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        inline = match["inline"] or match["old"]
        tex = html.unescape(re.sub(r"<[^>]*>", " ", inline or match["display"] or match["old_display"])).strip()
        tex = tex.replace("$", r"\$")
        formulas.append(f"${tex}$" if inline else f"\n\n$$\n{tex}\n$$\n\n")
        return _MARK.format(len(formulas) - 1)

    def sound(match: re.Match[str]) -> str:
        formulas.append(_shown("sound", match["name"], html.unescape(match["name"]), picture))
        return _MARK.format(len(formulas) - 1)

    field = re.sub("[\ue000\ue001\0]", "", field)
    writer = _Writer(picture)
    writer.feed(SOUND.sub(sound, _MATH.sub(keep, field)))
    writer.close()
    text = _MARKS.sub(lambda match: formulas[int(match[1])] if int(match[1]) < len(formulas) else "", writer.text())
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class _Writer(HTMLParser):
    """One pass over the HTML; each open tag that means something has a list of the texts within it."""

    def __init__(self, picture: Callable[[str], str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.picture = picture
        self.open: list[tuple[str, str, list[str]]] = [("", "", [])]
        self.silent = 0

    def text(self) -> str:
        while len(self.open) > 1:
            self._close_last()
        lines = "".join(self.open[0][2]).split("\n")
        return "\n".join(line.strip() + ("  " if line.endswith("  ") and line.strip() else "") for line in lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += 1
        elif tag == "br":
            self._add("  \n")
        elif tag == "img":
            name = told.get("src", "")
            self._add(_shown("picture", name, told.get("alt") or name, self.picture))
        elif tag == "li":
            self._add("\n1. " if any(name == "ol" for name, _, _ in self.open) else "\n- ")
        elif tag in _BLOCKS:
            self._add("\n\n")
            if tag == "ol":
                self.open.append((tag, "", []))
        elif tag in _AROUND or tag in _KEPT or tag in ("a", "code", "pre"):
            self.open.append((tag, told.get("href", ""), []))
        elif tag in ("td", "th"):
            self._add(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif any(name == tag for name, _, _ in self.open[1:]):
            while self.open[-1][0] != tag:
                self._close_last()
            self._close_last()
        if tag in _BLOCKS:
            self._add("\n\n")

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if any(name in ("code", "pre") for name, _, _ in self.open):
            self._add(data)
            return
        text = html.escape(_SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", data)), quote=False)
        self._add(_AT_START.sub(lambda match: f"{match[1]}{_escaped(match[2])}", text))

    def _add(self, text: str) -> None:
        self.open[-1][2].append(text)

    def _close_last(self) -> None:
        tag, address, parts = self.open.pop()
        self._add(_closed(tag, address, "".join(parts)))


def _shown(what: str, name: str, told: str, picture: Callable[[str], str | None]) -> str:
    """A picture or a sound; where there is none, words that say so."""
    address = picture(name)
    text = html.escape(_SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", told)[:80]), quote=False)
    return f"![{text}]({address})" if address else f"({what} missing: {text})"


def _closed(tag: str, address: str, inside: str) -> str:
    bare = inside.strip()
    if tag == "pre":
        fence = "`" * (3 + max((len(run) for run in re.findall("`{3,}", inside)), default=0))
        return f"\n\n{fence}\n{inside.strip(chr(10))}\n{fence}\n\n"
    if not bare or tag == "ol":
        return inside
    if tag == "code":
        ticks = "`" * (1 + max((len(run) for run in re.findall("`+", bare)), default=0))
        return f"{ticks}{bare}{ticks}" if "\n" not in bare else bare
    if tag == "a":
        return f"[{bare}]({address})" if re.fullmatch(r"https?://[^\s()<>]+", address) else bare
    before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
    if tag in _AROUND and "\n\n" not in bare:
        return f"{before}{_AROUND[tag]}{bare}{_AROUND[tag]}{after}"
    return f"{before}<{tag}>{bare}</{tag}>{after}" if tag in _KEPT else inside


def _escaped(start: str) -> str:
    return f"{start[:-1]}\\." if start[0].isdigit() else f"\\{start}"
