"""The tables and note types of an Anki package, schema 11: the form that every Anki since 2.1 reads and writes.

Ids that must stay the same from one export to the next (note types, decks) are constants or drawn from names, so that
a second import finds what the first one made.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quizzes.exchange.anki.notetype import NoteType
from quizzes.scheduling import Settings

VERSION = 11
BASIC, CLOZE = 1_764_000_000_001, 1_764_000_000_002  # note types
PRESET = 1_764_000_000_003
DEFAULT_NAME = "Default"
DEFAULT = 1  # the deck and the preset that every collection has
FIELDS = {
    BASIC: ("Front", "Back", "Note", "Source"),
    CLOZE: ("Text", "Back Extra", "Note", "Source"),
}
TEMPLATE = {BASIC: "Card 1", CLOZE: "Cloze"}
OURS = {number: NoteType(FIELDS[number], (), names=(name,)).schema for number, name in TEMPLATE.items()}

TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
    ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
    models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
    usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL,
    flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL,
    ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
    left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
    ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
    type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""

_AFTER = (
    '{{#Note}}<div class="note">{{Note}}</div>{{/Note}}\n{{#Source}}<div class="source">{{Source}}</div>{{/Source}}'
)
_CSS = """.card { font-family: system-ui, sans-serif; font-size: 20px; line-height: 1.5; text-align: left;
  max-width: 36em; margin: 0 auto; color: black; background-color: white; }
.cloze { font-weight: bold; color: #2f5bd3; }
.nightMode .cloze { color: #8aa8ff; }
.note { margin-top: 1em; padding-left: .7em; border-left: 3px solid #8aa8ff; }
.source { margin-top: 1em; font-size: 14px; opacity: .7; }
pre { overflow-x: auto; }
img { max-width: 100%; }
"""


@dataclass(frozen=True)
class Day:
    """When a collection began: the UTC instant (seconds) at which its first study day starts, and how its days run."""

    start: int
    minutes_west: int
    minutes_west_now: int
    hour: int


def deck_id(name: str) -> int:
    """A number for a deck that depends on its name alone, in the range of Anki's own: milliseconds of a time."""
    if name == DEFAULT_NAME:
        return DEFAULT
    return 1_500_000_000_000 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


def collection_row(
    site: str, decks: Iterable[str], kinds: Iterable[NoteType], day: Day, settings: Settings, made_at: int
) -> tuple[Any, ...]:
    """The one row of `col`. `made_at` in seconds."""
    config = {
        "creationOffset": day.minutes_west,
        "localOffset": day.minutes_west_now,
        "rollover": day.hour,
        "schedVer": 2,
        "sched2021": True,
        "curDeck": DEFAULT,
        "activeDecks": [DEFAULT],
        "curModel": BASIC,
        "nextPos": 1,
        "newSpread": 0,
        "collapseTime": 1200,
        "timeLim": 0,
        "estTimes": True,
        "dueCounts": True,
        "addToCur": True,
        "sortType": "noteFld",
        "sortBackwards": False,
        "dayLearnFirst": False,
        "fsrs": True,
    }
    models = {str(one["id"]): one for one in (_basic(site), _cloze(site), *map(_told_type, kinds))}
    named = {deck_id(name): name for name in decks}
    rows = {str(DEFAULT): _deck(DEFAULT, DEFAULT_NAME, DEFAULT, made_at)}
    rows |= {str(number): _deck(number, name, PRESET, made_at) for number, name in named.items()}
    presets = {
        str(DEFAULT): _preset(DEFAULT, "Default", Settings(), made_at),
        str(PRESET): _preset(PRESET, site, settings, made_at),
    }
    texts = (json.dumps(part) for part in (config, models, rows, presets, {}))
    return (1, day.start, made_at * 1000, made_at * 1000, VERSION, 0, 0, 0, *texts)


def _basic(site: str) -> dict[str, Any]:
    answer = "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}\n" + _AFTER
    return _ours(BASIC, f"{site}: two-sided", False, (TEMPLATE[BASIC], "{{Front}}", answer))


def _cloze(site: str) -> dict[str, Any]:
    answer = "{{cloze:Text}}\n\n<hr id=answer>\n\n{{Back Extra}}\n" + _AFTER
    return _ours(CLOZE, f"{site}: cloze", True, (TEMPLATE[CLOZE], "{{cloze:Text}}", answer))


def _ours(number: int, name: str, is_cloze: bool, template: tuple[str, str, str]) -> dict[str, Any]:
    told, *texts = template
    return _told_type(
        NoteType(FIELDS[number], ((texts[0], texts[1]),), is_cloze, (told,), css=_CSS, name=name, number=number)
    )


def _told_type(kind: NoteType) -> dict[str, Any]:
    templates = zip(kind.names, kind.templates, strict=False)
    return {
        "id": kind.number,
        "name": kind.name or f"Note type {kind.number}",
        "type": int(kind.is_cloze),
        "mod": kind.modified,
        "usn": 0,
        "sortf": min(kind.sort, len(kind.fields) - 1),
        "did": None,
        "tmpls": [
            _template(order, name or f"Card {order + 1}", *texts) for order, (name, texts) in enumerate(templates)
        ],
        "flds": [_field(order, field) for order, field in enumerate(kind.fields)],
        "css": kind.css,
        "latexPre": "\\documentclass[12pt]{article}\n\\usepackage{amssymb,amsmath}\n\\begin{document}\n",
        "latexPost": "\\end{document}",
        "latexsvg": False,
        "req": [[order, "any", [0]] for order in range(len(kind.templates))],
        "tags": [],
        "vers": [],
    }


def _template(order: int, name: str, question: str, answer: str) -> dict[str, Any]:
    return {"name": name, "ord": order, "qfmt": question, "afmt": answer, "bqfmt": "", "bafmt": "", "did": None}


def _field(order: int, name: str) -> dict[str, Any]:
    return {"name": name, "ord": order, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}


def _deck(number: int, name: str, preset: int, made_at: int) -> dict[str, Any]:
    today = {key: [0, 0] for key in ("newToday", "revToday", "lrnToday", "timeToday")}
    return today | {
        "id": number,
        "name": name,
        "mod": made_at,
        "usn": 0,
        "desc": "",
        "dyn": 0,
        "conf": preset,
        "collapsed": False,
        "browserCollapsed": False,
        "extendNew": 0,
        "extendRev": 0,
    }


def _preset(number: int, name: str, settings: Settings, made_at: int) -> dict[str, Any]:
    learning, relearning = list(settings.learning_steps_minutes), list(settings.relearning_steps_minutes)
    longest = settings.maximum_interval_days
    new = {"bury": True, "delays": learning, "initialFactor": 2500, "ints": [1, 4, 0], "order": 1, "perDay": 10}
    review = {"bury": True, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": longest, "perDay": 200, "hardFactor": 1.2}
    lapse = {"delays": relearning, "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0}
    return {
        "id": number,
        "mod": made_at,
        "name": name,
        "usn": 0,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "new": new,
        "rev": review,
        "lapse": lapse,
        "dyn": False,
        "desiredRetention": settings.desired_retention,
        "fsrsParams6": list(settings.weights) if settings.parameters is not None else [],
    }
