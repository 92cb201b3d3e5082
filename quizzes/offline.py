"""Reviewing without a network: what a device takes along, and what becomes of the ratings that it brings back.

A rating given offline is an event like any other: it keeps its id, so that it counts once however often it is sent, and
the time at which it was given. If the card has moved on meanwhile, because another device was faster, the rating is not
refused: quizzes.late puts it in its place among those given later, with nothing lost.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models

from prepsite.lib import media
from quizzes import reviewing
from quizzes.late import Late, record
from quizzes.line_up import Line
from quizzes.models import Card, Flashcard, Guide, MediaFile, Review
from quizzes.planning import Terms, terms_of
from quizzes.scheduling import StudyClock
from quizzes.scopes import Scope

MOST_CARDS = 200  # that a device takes along
DAYS_AHEAD = 3  # after today, for which it takes what falls due and new cards
MOST_MEDIA_BYTES = 50_000_000  # of pictures and sounds that a device takes along
MOST_AT_ONCE = 100  # ratings in one request
OLDEST = dt.timedelta(days=366)  # a device that was away for longer has lost count of time
LONGEST_MS = 3_600_000
_TRIES = 3

Dated = tuple[Card, dt.date]  # a card, and the study day on which it may come


@dataclass(frozen=True)
class Taken:
    """A card as a device takes it along. `version` is what a rating names; before `opens` the device keeps it back."""

    flashcard: Flashcard
    version: int
    opens: dt.datetime


def cards_to_take(user: models.Model, at: dt.datetime, clock: StudyClock) -> list[Taken]:
    """What waits on the study day of `at` and falls due on the days after it, with the new cards of each of these days:
    enough for days without a network. A constant number of queries."""
    today = clock.day(at)
    coming = [today + dt.timedelta(days=number) for number in range(1, DAYS_AHEAD + 1)]
    seen = Review.objects.for_user(user).standing().since(clock.start_of(today))
    line = Line(user, at, today, Scope(), terms_of(user, today), seen.met, seen.reviewed)
    usual = terms_of(user, coming[0])  # of a day without overrides; breaks are those not over by then
    opens = {day: clock.start_of(day) for day in (today, *coming)}
    at_once = [(card, today) for group in (line.forward(), line.steps(opens[coming[0]])) for card in _with_text(group)]
    learned = [(card, today) for card in _with_text(line.due())]
    learned += [(card, card.queue_day or today) for card in _with_text(line.coming(coming[-1]))]
    apart = _one_of_each([*at_once, *learned])
    first = len(_one_of_each(at_once))
    numbers = {today: line.reviews_allowed} | {day: _reviews_on(day, usual) for day in coming}
    cards = [*apart[:first], *_as_days_allow(apart[first:], numbers)][:MOST_CARDS]
    taken = [Taken(card.flashcard, card.version, opens[day]) for card, day in cards]
    kin = {one.flashcard.question_id for one in taken} - {None}
    return [*taken, *_new_cards(line, usual, opens, MOST_CARDS - len(taken), kin)]


def _reviews_on(day: dt.date, usual: Terms) -> int:
    """How many learned cards a coming day allows. Until an interview the plan chooses them, and no limit holds."""
    if usual.break_on(day):
        return 0
    planned = usual.interview_on is not None and usual.interview_on > day
    return MOST_CARDS if planned or usual.reviews_per_day is None else usual.reviews_per_day


def _as_days_allow(cards: Iterable[Dated], numbers: Mapping[dt.date, int]) -> Iterator[Dated]:
    """Each card on the first day from its own on that has room left: what one day does not allow waits for the next,
    and what none allows stays behind."""
    room = dict(numbers)
    for card, earliest in cards:
        day = next((day for day, left in room.items() if left and day >= earliest), None)
        if day is not None:
            room[day] -= 1
            yield card, day


def _new_cards(
    line: Line, usual: Terms, opens: Mapping[dt.date, dt.datetime], room: int, kin: Set[int | None]
) -> list[Taken]:
    """New cards in the order in which they are met, as many for each day as its number allows, none in a break. No
    siblings of those taken along already, `kin` being their questions."""
    numbers = {day: 0 if usual.break_on(day) else usual.new_per_day for day in opens} | {line.today: line.new_allowed}
    days = [day for day, number in numbers.items() for _ in range(number)][:room]
    keys = [flashcard.pk for flashcard in line.fresh(len(days) + len(kin))] if days else []
    rows = Flashcard.objects.select_related("topic").in_bulk(keys)
    versions = dict(Card.objects.for_user(line.user).filter(flashcard__in=keys).values_list("flashcard", "version"))
    alone = [rows[key] for key in keys if rows[key].question_id not in kin]
    return [Taken(one, versions.get(one.pk, 0), opens[day]) for one, day in zip(alone, days, strict=False)]


def _with_text(cards: models.QuerySet[Card]) -> models.QuerySet[Card]:
    return cards.select_related("flashcard__topic")[:MOST_CARDS]


def _one_of_each(cards: Iterable[Dated]) -> list[Dated]:
    """Each card once, and of each question one: siblings do not come on one day, and a device on its own cannot hold
    them back."""
    found: dict[tuple[str, int], Dated] = {}
    for card, day in cards:
        question = card.flashcard.question_id
        found.setdefault(("card", card.pk) if question is None else ("question", question), (card, day))
    return list(found.values())


def media_to_take(user: models.Model, taken: Iterable[Taken]) -> list[str]:
    """The addresses of the pictures and sounds of these cards, in the cards' order, as far as a device has room."""
    texts = (text for one in taken for text in (one.flashcard.front_html, one.flashcard.back_html))
    shown = {match["sha256"]: match[0] for text in texts for match in media.ADDRESS.finditer(text)}
    if not shown:
        return []
    rows = MediaFile.objects.filter(owner=user.pk, sha256__in=list(shown)).values_list("sha256", "size")
    sizes = dict(rows)
    found, room = [], MOST_MEDIA_BYTES
    for sha256, address in shown.items():
        if sizes.get(sha256, room + 1) <= room:
            room -= sizes[sha256]
            found.append(address)
    return found


def guides_to_take() -> models.QuerySet[Guide]:
    return Guide.objects.published().order_by("topic__order", "order", "slug")


class Result(StrEnum):
    COUNTED = "counted"
    KNOWN = "known"  # it had arrived before
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What became of a rating; `why` is a sentence for the learner where it was refused."""

    id: str
    result: Result
    why: str = ""


class BadRating(ValueError):  # noqa: N818
    """One rating cannot be read; the sentence says why."""


@dataclass(frozen=True)
class Given:
    id: uuid.UUID
    flashcard: uuid.UUID
    rating: int
    at: dt.datetime
    duration_ms: int | None


def read(told: Any, sent_at: float, now: dt.datetime) -> Given:
    """A rating as a device tells it: times in milliseconds of the device's own clock, `sent_at` among them, so that a
    clock that goes wrong does no harm. Raises BadRating."""
    try:
        age = dt.timedelta(milliseconds=sent_at - float(told["at"]))
        rating, duration = told["rating"], told.get("duration_ms")
        given = Given(
            id=uuid.UUID(told["id"]),
            flashcard=uuid.UUID(told["flashcard"]),
            rating=rating,
            at=now - min(max(age, dt.timedelta(0)), OLDEST),
            duration_ms=None if duration is None else min(max(int(duration), 0), LONGEST_MS),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadRating("A rating of this device could not be read, so it was not counted.") from error
    if not isinstance(rating, int) or isinstance(rating, bool) or rating not in Review.Rating.values:
        raise BadRating("A rating of this device was not one of Again, Hard, Good and Easy, so it was not counted.")
    return given


def take_in(
    user: models.Model, told: Sequence[Any], sent_at: float, now: dt.datetime, clock: StudyClock
) -> list[Answer]:
    """Count the ratings in the order in which they were given. Never raises for what one of them holds."""
    answers: list[Answer] = []
    readable: list[Given] = []
    for one in told:
        try:
            readable.append(read(one, sent_at, now))
        except BadRating as error:
            name = str(one.get("id", "")) if isinstance(one, dict) else ""
            answers.append(Answer(name[:80], Result.REFUSED, str(error)))
    named = [one.flashcard for one in readable]
    known = {card.uuid: card for card in Flashcard.objects.visible_to(user).filter(uuid__in=named)}
    for given in sorted(readable, key=lambda one: one.at):
        flashcard = known.get(given.flashcard)
        if flashcard is None:
            why = "A card that was rated on this device is no longer here, so its rating was not counted."
            answers.append(Answer(str(given.id), Result.REFUSED, why))
        else:
            answers.append(_count(user, flashcard, given, now, clock))
    return answers


def _count(user: models.Model, flashcard: Flashcard, given: Given, now: dt.datetime, clock: StudyClock) -> Answer:
    if Review.objects.for_user(user).filter(uuid=given.id).exists():
        return Answer(str(given.id), Result.KNOWN)
    late = Late(given.id, given.rating, given.at, given.duration_ms)
    terms = terms_of(user, clock.day(given.at))
    for _ in range(_TRIES):
        try:
            record(user, flashcard, late, now, clock, terms)
        except reviewing.StaleCard:
            continue  # another device moved the card within this very moment
        except reviewing.EventClash as clash:
            return Answer(str(given.id), Result.REFUSED, str(clash))
        return Answer(str(given.id), Result.COUNTED)
    raise reviewing.StaleCard(reviewing.shown(user, flashcard, given.at))
