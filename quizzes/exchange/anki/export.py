"""One learner's cards as an Anki package: texts, state and every rating that stands."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import models

from prepsite.lib.versioned import Status
from quizzes.exchange.anki import package
from quizzes.exchange.anki.fields import Writer
from quizzes.models import Card, Flashcard, Review
from quizzes.scheduling import Memory, Settings, StudyClock

_AT_A_TIME = 200  # cards, with their logs, held in memory


@dataclass(frozen=True)
class Wanted:
    """`site` is the site's name, under which the decks stand, `origin` its address, for links back. `unmet` adds the
    published cards that the learner has not met, as new ones."""

    site: str
    origin: str
    unmet: bool = False


def export(user: models.Model, clock: StudyClock, at: dt.datetime, wanted: Wanted, path: Path) -> int:
    """Write the package to `path` and say how many cards it holds. Undone ratings stay out, as in Anki's own log."""
    writer = Writer(wanted.origin.rstrip("/"))
    latest = Review.objects.for_user(user).standing().order_by("-pk").first()
    frame = package.Package(
        site=wanted.site,
        clock=clock,
        settings=Settings.from_json(latest.settings) if latest else Settings(),
        first_day=_first_day(user, clock.day(at)),
        made_at=at,
        decks=_decks(user, wanted),
    )
    notes = _notes(user, at, clock.day(at), wanted, writer)
    return package.write(path, frame, notes, lambda: _pictures(writer))


def _first_day(user: models.Model, today: dt.date) -> dt.date:
    """The earliest study day that anything in the package refers to."""
    days: dict[str, dt.date | None] = Card.objects.for_user(user).aggregate(
        due=models.Min("due_day"), seen=models.Min("last_day")
    )
    days |= Review.objects.for_user(user).aggregate(rated=models.Min("study_day"))
    return min(day for day in (*days.values(), today) if day)


def _decks(user: models.Model, wanted: Wanted) -> tuple[str, ...]:
    known = Flashcard.objects.filter(cards__user=user.pk, lab="")
    if wanted.unmet:
        known = known | Flashcard.objects.published()
    titles = known.order_by().values_list("topic__title", "pile").distinct()
    return tuple(sorted({_deck(wanted, _title(topic, pile)) for topic, pile in titles}))


def _title(topic: str | None, pile: str) -> str:
    """What a deck is called: the learner's own pile, else the topic."""
    return pile or topic or "My own cards"


def _deck(wanted: Wanted, title: str) -> str:
    """A deck of the site's own; a title with Anki's divider in it would make a deck within a deck."""
    return f"{wanted.site}::{title.replace('::', ': ')}"


def _notes(
    user: models.Model, at: dt.datetime, today: dt.date, wanted: Wanted, writer: Writer
) -> Iterator[package.Note]:
    reviews = models.Prefetch("reviews", Review.objects.standing().order_by("pk"), to_attr="ratings")
    cards = Card.objects.for_user(user).filter(flashcard__lab="")  # a lab's card has nothing to turn over
    related = cards.select_related("flashcard__topic", "flashcard__question").prefetch_related(reviews)
    for card in related.order_by("pk").iterator(chunk_size=_AT_A_TIME):
        yield _note(card.flashcard, _card(card, today), wanted, writer)
    if wanted.unmet:
        unmet = Flashcard.objects.published().exclude(cards__user=user.pk).select_related("topic", "question")
        for flashcard in unmet.in_teaching_order().iterator(chunk_size=_AT_A_TIME):
            yield _note(flashcard, package.Card(Memory(due=at)), wanted, writer)


def _note(flashcard: Flashcard, card: package.Card, wanted: Wanted, writer: Writer) -> package.Note:
    is_cloze = flashcard.kind == Flashcard.Kind.CLOZE
    front = writer.cloze(flashcard.front) if is_cloze else writer.html(flashcard.front)
    topic = flashcard.topic
    tags = (topic.slug, flashcard.level) if topic else (flashcard.level,)
    return package.Note(
        id=flashcard.uuid,
        guid=str(flashcard.uuid),
        kind=package.CLOZE if is_cloze else package.BASIC,
        fields=(front, writer.html(flashcard.back), writer.html(card.note), _source(flashcard, writer)),
        deck=_deck(wanted, _title(topic.title if topic else None, flashcard.pile)),
        modified=flashcard.updated_at,
        card=card,
        tags=tags,
    )


def _source(flashcard: Flashcard, writer: Writer) -> str:
    question = flashcard.question
    if question is None or question.status != Status.PUBLISHED:
        return ""
    return writer.link(question.get_absolute_url(), question.title)


def _card(card: Card, today: dt.date) -> package.Card:
    ratings: list[Review] = card.ratings  # type: ignore[attr-defined]
    return package.Card(
        memory=card.memory,
        reviews=tuple(
            package.Review(
                at=rated.at,
                rating=rated.rating or 0,
                before=Memory.from_json(rated.before),
                after=Memory.from_json(rated.after),
                duration_ms=rated.duration_ms,
            )
            for rated in ratings
        ),
        settings=Settings.from_json(ratings[-1].settings) if ratings else Settings(),
        suspended=card.suspended or card.flashcard.status != Status.PUBLISHED,
        buried=card.held_for == Card.Held.BURIED and card.held_until is not None and card.held_until > today,
        flag=card.flag,
        note=card.note,
    )


def _pictures(writer: Writer) -> dict[str, bytes]:
    """The files of the pictures that the fields show; one that is not there is left out, and Anki says so."""
    found = {}
    for name, address in writer.pictures.items():
        place = finders.find(address.removeprefix("/static/"))
        if isinstance(place, str):
            found[name] = Path(place).read_bytes()
    return found
