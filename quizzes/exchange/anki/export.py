"""One learner's cards as an Anki package: texts, state and every rating that stands."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import models

from prepsite.lib.versioned import Status
from quizzes import own_media
from quizzes.exchange.anki import package, returning, schema
from quizzes.exchange.anki.fields import Writer
from quizzes.exchange.anki.history import AT_A_TIME, with_history, with_ratings
from quizzes.models import Card, Flashcard, Review
from quizzes.scheduling import Memory, Settings, StudyClock


@dataclass(frozen=True)
class Wanted:
    """`site` is the site's name, under which the decks stand, `origin` its address, for links back. `unmet` adds the
    published cards that the learner has not met, as new ones."""

    site: str
    origin: str
    unmet: bool = False


def export(user: models.Model, clock: StudyClock, at: dt.datetime, wanted: Wanted, path: Path) -> int:
    """Write the package to `path` and say how many cards it holds. Undone ratings stay out, as in Anki's own log."""
    writer = Writer(wanted.origin.rstrip("/"), own_media.addresses(user))
    kinds = returning.kinds(user)
    latest = Review.objects.for_user(user).standing().order_by("-pk").first()
    frame = package.Package(
        site=wanted.site,
        clock=clock,
        settings=Settings.from_json(latest.settings) if latest else Settings(),
        first_day=_first_day(user, clock.day(at)),
        made_at=at,
        decks=_decks(user, wanted),
        kinds=tuple(kind for kind in kinds.values() if kind.number not in schema.OURS),
    )
    notes = chain(
        _notes(user, at, clock.day(at), wanted, writer), returning.notes(user, at, clock.day(at), kinds, writer)
    )
    return package.write(path, frame, notes, lambda: _shown(user, writer))


def _first_day(user: models.Model, today: dt.date) -> dt.date:
    """The earliest study day that anything in the package refers to."""
    days: dict[str, dt.date | None] = Card.objects.for_user(user).aggregate(
        due=models.Min("due_day"), seen=models.Min("last_day")
    )
    days |= Review.objects.for_user(user).aggregate(rated=models.Min("study_day"))
    return min(day for day in (*days.values(), today) if day)


def _decks(user: models.Model, wanted: Wanted) -> tuple[str, ...]:
    known = Flashcard.objects.filter(cards__user=user.pk, lab="", anki_card=None)
    if wanted.unmet:
        known = known | Flashcard.objects.for_learner(user).filter(anki_card=None)
    titles = known.order_by().values_list("topic__title", "pile").distinct()
    ours = {_deck(wanted, _title(topic, pile)) for topic, pile in titles}
    return tuple(sorted(ours | returning.decks(user)))


def _title(topic: str | None, pile: str) -> str:
    """What a deck is called: the learner's own pile, else the topic."""
    return pile or topic or "My own cards"


def _deck(wanted: Wanted, title: str) -> str:
    """A deck of the site's own; a title with Anki's divider in it would make a deck within a deck."""
    return f"{wanted.site}::{title.replace('::', ': ')}"


def _notes(
    user: models.Model, at: dt.datetime, today: dt.date, wanted: Wanted, writer: Writer
) -> Iterator[package.Note]:
    cards = Card.objects.for_user(user).filter(flashcard__lab="")  # a lab's card has nothing to turn over
    ours = cards.filter(flashcard__anki_card=None).select_related("flashcard__topic", "flashcard__question")
    related = ours.prefetch_related(with_ratings())
    for card in related.order_by("pk").iterator(chunk_size=AT_A_TIME):
        yield _note(card.flashcard, with_history(card, card.flashcard, today), wanted, writer, card.note)
    if wanted.unmet:
        known = Flashcard.objects.for_learner(user).filter(anki_card=None)
        unmet = known.exclude(cards__user=user.pk).select_related("topic", "question")
        for flashcard in unmet.in_teaching_order().iterator(chunk_size=AT_A_TIME):
            yield _note(flashcard, package.Card(Memory(due=at)), wanted, writer)


def _note(flashcard: Flashcard, card: package.Card, wanted: Wanted, writer: Writer, note: str = "") -> package.Note:
    is_cloze = flashcard.kind == Flashcard.Kind.CLOZE
    front = writer.cloze(flashcard.front) if is_cloze else writer.html(flashcard.front)
    topic = flashcard.topic
    tags = (topic.slug, flashcard.level) if topic else (flashcard.level,)
    return package.Note(
        id=flashcard.uuid,
        guid=str(flashcard.uuid),
        kind=package.CLOZE if is_cloze else package.BASIC,
        fields=(front, writer.html(flashcard.back), writer.html(note), _source(flashcard, writer)),
        deck=_deck(wanted, _title(topic.title if topic else None, flashcard.pile)),
        modified=int(flashcard.updated_at.timestamp()),
        cards=(card,),
        tags=tags,
    )


def _source(flashcard: Flashcard, writer: Writer) -> str:
    question = flashcard.question
    if question is None or question.status != Status.PUBLISHED:
        return ""
    return writer.link(question.get_absolute_url(), question.title)


def _shown(user: models.Model, writer: Writer) -> Iterator[tuple[str, bytes]]:
    """What the fields show, by the name of the file; what is not there is left out, and Anki says so."""
    for name, address in sorted(writer.pictures.items()):
        place = finders.find(address.removeprefix("/static/"))
        if isinstance(place, str):
            yield name, Path(place).read_bytes()
    yield from own_media.contents(user, writer.used & writer.own.keys())
