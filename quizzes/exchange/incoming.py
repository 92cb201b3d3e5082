"""Cards and reviews that come from elsewhere: first a plan that can be looked at; `carrying_out` does what it says.

Every reader (CSV, JSON, Anki) says the same: cards of the learner's own and ratings, both by stable ids. The same file
again changes nothing; a changed text changes the card and keeps what is remembered of it; a rating that the log
has is not counted twice. Ids are drawn with the learner's key, so nobody's file can reach anybody else's card.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models

from prepsite.lib.media import in_words
from quizzes import own_media
from quizzes.exchange.anki import originals
from quizzes.exchange.anki.notetype import Original
from quizzes.exchange.relived import Rated
from quizzes.models import AnkiCard, Flashcard, Review
from quizzes.own_cards import OwnCard
from quizzes.own_media import Arriving

MOST_CARDS = 20_000  # of one file
MOST_REVIEWS = 200_000
_AT_A_TIME = 500


@dataclass(frozen=True)
class Incoming:
    """A card as a file has it. `place` names where, such as “row 3”; `key` is what the card is known by there. `card`
    is None where only ratings come, of a card that is here already.

    `site_id` is the id of a card that this site wrote into an Anki package: where that card is here, only its ratings
    are news. `original` is the note of a card that Anki wrote.
    """

    place: str
    key: str
    card: OwnCard | None
    ratings: tuple[Rated, ...] = ()
    suspended: bool = False
    site_id: str = ""
    original: Original | None = None


@dataclass(frozen=True)
class Problem:
    place: str
    why: str


class Change(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Step:
    """What will happen with one card. `id` is the flashcard's here; `ratings` are those that the log does not have, and
    `original` is the Anki note to keep for it, if it is not kept already."""

    incoming: Incoming
    id: uuid.UUID
    change: Change
    row: Flashcard | None
    ratings: tuple[Rated, ...]
    original: Original | None = None

    @property
    def front(self) -> str:
        card = self.incoming.card or self.row
        return in_words(card.front) if card else ""


@dataclass
class Plan:
    """What a file would do; nothing has happened yet."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    media: list[Arriving] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # what each file will be called here

    def count(self, change: str) -> int:
        return sum(step.change == change for step in self.steps)

    @property
    def new(self) -> int:
        return self.count(Change.NEW)

    @property
    def changed(self) -> int:
        return self.count(Change.CHANGED)

    @property
    def unchanged(self) -> int:
        return self.count(Change.UNCHANGED)

    @property
    def ratings(self) -> int:
        return sum(len(step.ratings) for step in self.steps)

    @property
    def kept(self) -> int:
        """Cards that stay as they are, of which the Anki note will be kept from now on."""
        return sum(step.original is not None and step.change is Change.UNCHANGED for step in self.steps)

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed or self.ratings or self.kept or self.media)

    @property
    def media_bytes(self) -> int:
        return sum(one.size for one in self.media)


def plan(
    user: models.Model,
    found: Iterable[Incoming],
    problems: Iterable[Problem],
    now: dt.datetime,
    media: Sequence[Arriving] = (),
) -> Plan:
    """What the cards would do to the learner's own; a few queries for every few hundred cards."""
    made = Plan(problems=list(problems))
    if media:
        made.media, made.names = own_media.fresh(user, media), own_media.names_for(user, media)
    seen: dict[str, str] = {}
    batch: list[Incoming] = []
    for incoming in found:
        if place := seen.get(incoming.key):
            made.problems.append(Problem(incoming.place, f"This card stands in {place} already."))
        elif why := _wrong_ratings(incoming, now):
            made.problems.append(Problem(incoming.place, why))
        else:
            batch.append(incoming)
        seen.setdefault(incoming.key, incoming.place)
        if len(batch) == _AT_A_TIME:
            _plan_batch(user, batch, made)
            batch = []
    _plan_batch(user, batch, made)
    made.problems.sort(key=lambda problem: _number(problem.place))
    return made


def _number(place: str) -> int:
    """By which problems are sorted as their rows are; what has no number stays where it was."""
    last = place.rpartition(" ")[2]
    return int(last) if place.startswith("row ") and last.isdigit() else 0


def _ids(
    user: models.Model, found: Sequence[Incoming], known: Mapping[originals.Place, AnkiCard]
) -> dict[str, uuid.UUID]:
    """The flashcards that the keys of a file mean for this learner: one that they may see goes by its own id, a note
    from Anki by the card that was made of it, any other by an id that is theirs alone."""
    wanted = {one.key: _uuid(one.site_id or one.key) for one in found}
    here = set(
        Flashcard.objects.visible_to(user)
        .filter(uuid__in=[one for one in wanted.values() if one])
        .values_list("uuid", flat=True)
    )
    ids = {}
    for one in found:
        own, place = wanted[one.key], one.original and (one.original.guid, one.original.order)
        if own and own in here:
            ids[one.key] = own
        elif place and place in known:
            ids[one.key] = known[place].flashcard.uuid
        else:
            ids[one.key] = uuid.uuid5(uuid.NAMESPACE_OID, f"{user.pk}/{one.key}")
    return ids


def _uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None


def _wrong_ratings(incoming: Incoming, now: dt.datetime) -> str:
    for rated in incoming.ratings:
        if rated.rating not in range(1, 5):
            return f"The rating {rated.rating} is not 1, 2, 3 or 4."
        if rated.at > now:
            return f"A review of it lies in the future ({rated.at:%Y-%m-%d})."
    return ""


def _plan_batch(user: models.Model, found: Sequence[Incoming], made: Plan) -> None:
    of_anki = originals.known(user, [one.original for one in found if one.original])
    ids = _ids(user, found, of_anki)
    rows = Flashcard.objects.in_bulk(list(ids.values()), field_name="uuid")
    known = _known_ratings(user, list(ids.values()))
    for told in found:
        identity = ids[told.key]
        # A card that this site wrote: its text is known, and only its reviews are news.
        ours = str(identity) == told.site_id
        incoming = dataclasses.replace(told, card=None, original=None) if ours else told
        row = rows.get(identity)
        fresh = tuple(one for one in incoming.ratings if not _is_known(identity, one, known))
        if row is None and incoming.card is None:
            made.problems.append(Problem(incoming.place, "There is no such card here."))
            continue
        if incoming.card is not None and (wrong := incoming.card.problems()):
            made.problems.append(Problem(incoming.place, " ".join(wrong.values())))
            continue
        original = incoming.original
        kept = of_anki.get((original.guid, original.order)) if original else None
        change = _change(row, incoming.card)
        if original and kept and originals.is_older(original, kept):
            change, original = Change.UNCHANGED, None
        elif original and kept and change is Change.UNCHANGED and original.modified == kept.note.modified:
            original = None
        if change is Change.CHANGED and row is not None and row.owner_id is None:
            why = "This card belongs to the site and cannot be changed by a file; report an error on its page instead."
            made.problems.append(Problem(incoming.place, why))
            continue
        made.steps.append(Step(incoming, identity, change, row, fresh, original))


def _change(row: Flashcard | None, card: OwnCard | None) -> Change:
    if row is None:
        return Change.NEW
    if card is None or (row.front, row.back, row.kind) == (card.front, card.back, card.kind):
        same_pile = card is None or row.owner_id is None or row.pile == card.pile
        return Change.UNCHANGED if same_pile else Change.CHANGED
    return Change.CHANGED


def _known_ratings(user: models.Model, ids: Sequence[uuid.UUID]) -> set[uuid.UUID | tuple[uuid.UUID, int]]:
    """The ids of what the logs of these flashcards hold, and its times: a rating that went out and comes back from a
    program with ids of its own is the same rating."""
    known: set[uuid.UUID | tuple[uuid.UUID, int]] = set()
    rows = Review.objects.for_user(user).ratings().filter(card__flashcard__uuid__in=ids)
    for card, event, at in rows.values_list("card__flashcard__uuid", "uuid", "at").iterator(chunk_size=2000):
        known |= {event, (card, _milliseconds(at))}
    return known


def _is_known(card: uuid.UUID, rated: Rated, known: set[uuid.UUID | tuple[uuid.UUID, int]]) -> bool:
    return rating_id(card, rated.key) in known or (card, _milliseconds(rated.at)) in known


def _milliseconds(at: dt.datetime) -> int:
    return int(at.timestamp() * 1000)


def rating_id(card: uuid.UUID, key: str) -> uuid.UUID:
    """The id of a rating from elsewhere; one of ours keeps its own."""
    return _uuid(key) or uuid.uuid5(card, f"rating/{key}")
