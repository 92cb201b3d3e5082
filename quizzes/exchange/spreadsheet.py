"""Cards and reviews as CSV and JSON, out and in.

cards.csv    id, kind, pile, front, back, and for the eye topic, state, due_day, stability, difficulty, reps, lapses
reviews.csv  id, card, at (ISO 8601 in UTC), rating (1 to 4), duration_ms
cards.json   {"format": "prepsite cards 1", "cards": [{id, kind, pile, front, back, "reviews": [{id, at, rating, …}]}]}

Texts are Markdown with $TeX$. What is only for the eye is not read. An id of one's own choosing is any text that stays
the same; without one, the pile and the front are the card's id.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from quizzes.exchange.incoming import MOST_CARDS, MOST_REVIEWS, Incoming, Problem
from quizzes.exchange.relived import Rated
from quizzes.models import Card, Flashcard, Review
from quizzes.own_cards import OwnCard

FORMAT = "prepsite cards 1"
CARD_COLUMNS = ("id", "kind", "pile", "front", "back")
SEEN_COLUMNS = ("topic", "state", "due_day", "stability", "difficulty", "reps", "lapses")
REVIEW_COLUMNS = ("id", "card", "at", "rating", "duration_ms")
_AT_A_TIME = 500
_LONGEST_CELL = 100_000


class BadFile(Exception):  # noqa: N818
    """Nothing of it can be read; the sentence says why."""


# Out


def cards(user: models.Model) -> Iterator[dict[str, Any]]:
    """The learner's cards: their own, and those of the site that they have met."""
    mine = models.Prefetch("cards", Card.objects.for_user(user), to_attr="mine")
    known = Flashcard.objects.filter(models.Q(owner=user.pk) | models.Q(owner=None, cards__user=user.pk))
    rows = known.filter(lab="").distinct().select_related("topic").prefetch_related(mine).order_by("pk")
    for row in rows.iterator(chunk_size=_AT_A_TIME):
        card: Card | None = next(iter(row.mine), None)  # type: ignore[attr-defined]
        told = {"id": str(row.uuid), "kind": row.kind, "pile": row.pile, "front": row.front, "back": row.back}
        told |= {"topic": row.topic.slug if row.topic else ""}
        seen = ("state", "due_day", "stability", "difficulty", "reps", "lapses")
        yield told | {name: getattr(card, name) if card else None for name in seen}


def reviews(user: models.Model) -> Iterator[dict[str, Any]]:
    """Every rating that stands."""
    rows = (
        Review.objects.for_user(user)
        .standing()
        .filter(card__flashcard__lab="")
        .select_related("card__flashcard")
        .order_by("pk")
    )
    for row in rows.iterator(chunk_size=_AT_A_TIME):
        yield {
            "id": str(row.uuid),
            "card": str(row.card.flashcard.uuid),
            "at": row.at.isoformat(),
            "rating": row.rating,
            "duration_ms": row.duration_ms,
        }


def as_csv(columns: tuple[str, ...], rows: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    """Line by line, with a mark at the start by which spreadsheets know that it is UTF-8."""
    line = io.StringIO()
    writer = csv.DictWriter(line, columns, extrasaction="ignore")
    line.write("\ufeff")
    writer.writeheader()
    yield line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow(row)
        yield line.getvalue()


def as_json(user: models.Model) -> Iterator[str]:
    """The cards with their reviews, card by card."""
    of_card: dict[str, list[dict[str, Any]]] = {}
    for review in reviews(user):
        of_card.setdefault(review.pop("card"), []).append(review)
    yield json.dumps({"format": FORMAT})[:-1] + ', "cards": ['
    for number, card in enumerate(cards(user)):
        told = {name: card[name] for name in CARD_COLUMNS} | {"reviews": of_card.get(card["id"], [])}
        yield (",\n" if number else "\n") + json.dumps(told, ensure_ascii=False)
    yield "\n]}\n"


# In


def read(name: str, data: bytes) -> tuple[list[Incoming], list[Problem]]:
    """What a .csv or .json file holds, with a problem for each row that cannot be read. Raises BadFile."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("This file is not UTF-8 text. Save it as “CSV UTF-8” and choose it again.") from error
    return _read_json(text) if name.lower().endswith(".json") else _read_csv(text)


def _read_csv(text: str) -> tuple[list[Incoming], list[Problem]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = [name.strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    is_reviews = {"card", "rating", "at"} <= set(columns)
    if not is_reviews and "front" not in columns:
        raise BadFile("This file has neither a column “front” for cards nor “card”, “at” and “rating” for reviews.")
    rows: list[tuple[str, Mapping[str, Any]]] = []
    problems = []
    try:
        for row in reader:
            place = f"row {reader.line_num}"
            if None in row or None in row.values():
                problems.append(Problem(place, f"It does not have {len(columns)} cells, as the first row has."))
            elif any(row.values()):
                rows.append((place, row))
    except csv.Error as error:
        raise BadFile(f"Row {reader.line_num} cannot be read as CSV: {error}.") from error
    found, wrong = _ratings(rows) if is_reviews else _cards(rows)
    return found, problems + wrong


def _read_json(text: str) -> tuple[list[Incoming], list[Problem]]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFile("This file is not JSON.") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT or not isinstance(told.get("cards"), list):
        raise BadFile(f"This is not JSON of the form “{FORMAT}”.")
    rows = [(f"card {number}", row) for number, row in enumerate(told["cards"], 1)]
    return _cards([(place, row if isinstance(row, dict) else {}) for place, row in rows])


def _cards(rows: list[tuple[str, Mapping[str, Any]]]) -> tuple[list[Incoming], list[Problem]]:
    if len(rows) > MOST_CARDS:
        raise BadFile(f"This file has {len(rows):,} cards; at most {MOST_CARDS:,} can come in at once.")
    found, problems = [], []
    for place, row in rows:
        texts = {name: _text(row.get(name)) for name in CARD_COLUMNS}
        kind = texts["kind"].strip().lower() or "basic"
        if kind not in Flashcard.Kind.values:
            problems.append(Problem(place, f"The kind “{kind[:40]}” is neither basic nor cloze."))
            continue
        try:
            ratings = tuple(_rated(one) for one in row.get("reviews") or ())
        except BadFile as error:
            problems.append(Problem(place, str(error)))
            continue
        pile = texts["pile"].strip()[:160]
        key = texts["id"].strip() or f"{pile}\n{texts['front']}"
        found.append(Incoming(place, key, OwnCard(texts["front"], texts["back"], kind, pile), ratings))
    return found, problems


def _ratings(rows: list[tuple[str, Mapping[str, Any]]]) -> tuple[list[Incoming], list[Problem]]:
    if len(rows) > MOST_REVIEWS:
        raise BadFile(f"This file has {len(rows):,} reviews; at most {MOST_REVIEWS:,} can come in at once.")
    of_card: dict[str, tuple[str, list[Rated]]] = {}
    problems = []
    for place, row in rows:
        try:
            rated = _rated(row)
        except BadFile as error:
            problems.append(Problem(place, str(error)))
            continue
        of_card.setdefault(_text(row["card"]).strip(), (place, []))[1].append(rated)
    return [Incoming(place, card, None, tuple(ratings)) for card, (place, ratings) in of_card.items()], problems


def _rated(row: Any) -> Rated:
    """Raises BadFile with a sentence on the row."""
    if not isinstance(row, Mapping):
        raise BadFile("A review is not an object.")
    told, number, took = _text(row.get("at")).strip(), _text(row.get("rating")).strip(), _text(row.get("duration_ms"))
    try:
        at = dt.datetime.fromisoformat(told)
        if at.tzinfo is None or at.year < 1970:
            raise ValueError
    except ValueError as error:
        raise BadFile(f"“{told[:40]}” is not an instant with a time zone, such as 2026-03-02T12:00:00Z.") from error
    if number not in ("1", "2", "3", "4"):
        raise BadFile(f"The rating “{number[:40]}” is not 1, 2, 3 or 4.")
    at = at.astimezone(dt.UTC)
    duration = int(took) if took.strip().isdecimal() and len(took) < 9 else None
    return Rated(_text(row.get("id")).strip() or f"{at.isoformat()}/{number}", at, int(number), duration)


def _text(value: Any) -> str:
    """A cell as text; NUL cannot be stored, and files of Windows end their lines with CR LF."""
    return "" if value is None else str(value).replace("\0", "").replace("\r\n", "\n")
