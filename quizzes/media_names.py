"""The names of pictures and sounds in the HTML of Anki's fields: <img src="cell.png"> and [sound:gate.mp3]."""

import html
import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import unquote

SOUND = re.compile(r"\[sound:(?P<name>[^\]]*)\]")
_IMAGE = re.compile(
    r"""(?P<before><img\b[^>]*?\bsrc\s*=\s*)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>]+))""",
    re.IGNORECASE,
)


def normal(name: str) -> str:
    """The name as Anki keeps it: composed characters, as `media` in a package has it."""
    return unicodedata.normalize("NFC", name)


def spellings(written: str) -> tuple[str, str]:
    """What a name in a field may mean: as it stands, and with %20 and the like undone, as browsers do."""
    plain = normal(html.unescape(written))
    return plain, normal(unquote(plain))


def names_in(field: str) -> set[str]:
    """Every name that the field may mean."""
    found = [match["name"] for match in SOUND.finditer(field)]
    found += [match["double"] or match["single"] or match["bare"] or "" for match in _IMAGE.finditer(field)]
    return {name for written in found for name in spellings(written)}


def renamed(field: str, names: Mapping[str, str]) -> str:
    """The field with other names in it: what it calls by a key of `names` it calls by its value."""

    def new(written: str) -> str | None:
        name = next((name for name in spellings(written) if name in names), None)
        return names[name] if name is not None and names[name] != name else None

    def image(match: re.Match[str]) -> str:
        name = new(match["double"] or match["single"] or match["bare"] or "")
        return match[0] if name is None else f'{match["before"]}"{html.escape(name)}"'

    def sound(match: re.Match[str]) -> str:
        name = new(match["name"])
        return match[0] if name is None else f"[sound:{html.escape(name, quote=False)}]"

    return SOUND.sub(sound, _IMAGE.sub(image, field))
