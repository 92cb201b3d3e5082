"""What an Anki card shows: its note type's templates filled with the note's fields, as both sides of a card here."""

import re
from collections.abc import Callable, Mapping

from quizzes.content import cloze
from quizzes.exchange.anki.fields import Writer
from quizzes.exchange.anki.htmltext import markdown
from quizzes.exchange.anki.notetype import NoteType
from quizzes.models import Flashcard
from quizzes.own_cards import OwnCard

_CONDITION = re.compile(r"\{\{([#^])([^{}]+)\}\}(.*?)\{\{/\2\}\}", re.DOTALL)
_FIELD = re.compile(r"\{\{([^{}#^/][^{}]*)\}\}")
_ANSWER = re.compile(r"<hr\b[^>]*\bid\s*=\s*[\"']?answer[\"']?[^>]*>", re.IGNORECASE)
_GAP = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
_GAP_STANDS = "\ue002"
_DEEPEST = 10  # conditions within conditions
Picture = Callable[[str], str | None]


def card(kind: NoteType, fields: Mapping[str, str], order: int, pile: str, picture: Picture) -> OwnCard | None:
    """The card of the note with this order; None if its type has none of that order."""
    if kind.is_cloze:
        return _cloze_card(kind, fields, order + 1, pile, picture) if kind.templates else None
    if order >= len(kind.templates):
        return None
    question, answer = kind.templates[order]
    front = _filled(question, fields)
    parts = _ANSWER.split(answer, maxsplit=1)
    back = _filled(parts[-1], fields)  # what stands before the line is the front once more
    return OwnCard(markdown(front, picture), markdown(back, picture) or "(empty)", pile=pile)


def _filled(template: str, fields: Mapping[str, str]) -> str:
    for _ in range(_DEEPEST):
        template, number = _CONDITION.subn(lambda match: _chosen(match, fields), template)
        if not number:
            break
    return _FIELD.sub(lambda match: fields.get(match[1].split(":")[-1].strip(), ""), template)


def _chosen(match: re.Match[str], fields: Mapping[str, str]) -> str:
    has = bool(fields.get(match[2].strip(), "").strip())
    return match[3] if has == (match[1] == "#") else ""


def _cloze_card(kind: NoteType, fields: Mapping[str, str], number: int, pile: str, picture: Picture) -> OwnCard | None:
    question, answer = kind.templates[0]
    name = next((found[1].split(":")[-1].strip() for found in _FIELD.finditer(question) if "cloze:" in found[1]), "")
    text = fields.get(name, "")
    gaps = [match for match in _GAP.finditer(text) if int(match[1]) == number]
    if not gaps:
        return None
    rest = re.sub(r"\{\{[^{}]*cloze:[^{}]*\}\}", "", answer)
    extra = markdown(_filled(_ANSWER.sub("", rest), fields), picture)
    hidden = markdown(_GAP.sub(lambda match: _GAP_STANDS if int(match[1]) == number else match[2], text), picture)
    if len(gaps) == 1:
        inside = markdown(gaps[0][2], picture)
        found = OwnCard(hidden.replace(_GAP_STANDS, f"{{{{{inside}}}}}"), extra, Flashcard.Kind.CLOZE, pile)
        if not found.problems() and cloze.gaps(found.front) == [[inside]]:
            return found
    # Several gaps at once, or one within a formula: then it is a question with the whole text as its answer.
    hints = iter([match[3] for match in gaps])
    front = re.sub(_GAP_STANDS, lambda _: f"**\\[{next(hints, None) or '…'}\\]**", hidden)
    whole = markdown(_GAP.sub(lambda match: match[2], text), picture)
    return OwnCard(front, f"{whole}\n\n{extra}".strip(), pile=pile)


_ONE_FIELD = re.compile(r"(?:\s|<br\s*/?>)*\{\{\s*(?:cloze:)?\s*([^{}#^/:]+?)\s*\}\}\s*")


def edited(kind: NoteType, fields: Mapping[str, str], order: int, now: OwnCard, writer: Writer) -> dict[str, str]:
    """The fields that an edit made here changes, as HTML. A side that consists of more than one field says not which of
    them was meant, and a text of several gaps not where the others stood: such an edit stays here."""
    before = card(kind, fields, order, now.pile, writer.address)
    if before is None or before.kind != now.kind or now.is_cloze != kind.is_cloze or order >= len(kind.templates) > 1:
        return {}
    question, answer = kind.templates[0 if kind.is_cloze else order]
    changed = {}
    if now.front != before.front and (name := _sole_field(question, fields)):
        if not now.is_cloze and not kind.is_cloze:
            changed[name] = writer.html(now.front)
        elif now.is_cloze and len(_GAP.findall(fields[name])) == 1:
            changed[name] = writer.cloze(now.front, order + 1)
    rest = _ANSWER.split(answer, maxsplit=1)[-1]
    rest = re.sub(r"\{\{[^{}]*cloze:[^{}]*\}\}", "", rest) if now.is_cloze else rest
    if now.back != before.back and (name := _sole_field(rest, fields)):
        changed[name] = writer.html(now.back)
    return changed


def _sole_field(template: str, fields: Mapping[str, str]) -> str:
    found = _ONE_FIELD.fullmatch(template)
    return found[1] if found and found[1] in fields else ""
