"""Cards that learners write themselves, and notes on any card: private, rendered once by the site's one renderer."""

import uuid
from dataclasses import dataclass

from django.db import models

from prepsite.lib import markdown
from prepsite.lib.versioned import Status
from quizzes.content import cloze
from quizzes.models import Card, Flashcard, Topic

LONGEST_SIDE = 10_000  # characters
LONGEST_NOTE = 5_000
MOST_OWN = 20_000  # cards of one learner


@dataclass(frozen=True)
class OwnCard:
    """Both sides as Markdown. A cloze card marks its one gap {{answer}} on the front; its back may be empty."""

    front: str
    back: str
    kind: str = Flashcard.Kind.BASIC
    pile: str = ""
    topic: Topic | None = None

    @property
    def is_cloze(self) -> bool:
        return self.kind == Flashcard.Kind.CLOZE

    def problems(self) -> dict[str, str]:
        """What keeps it from being saved, one sentence by the side it is about."""
        found = {}
        if not self.front.strip():
            found["front"] = "Write something on the front."
        if not self.back.strip() and not self.is_cloze:
            found["back"] = "Write something on the back."
        for side, text in (("front", self.front), ("back", self.back)):
            if len(text) > LONGEST_SIDE:
                found[side] = f"A side has at most {LONGEST_SIDE:,} characters; this one has {len(text):,}."
        if self.is_cloze and "front" not in found:
            gaps = len(cloze.gaps(self.front))
            if gaps != 1:
                found["front"] = f"A cloze card has exactly one gap, written {{{{answer}}}}; this one has {gaps}."
            elif cloze.pieces(markdown.render(cloze.with_stand_ins(self.front)).html, 1) is None:
                found["front"] = "The gap stands where it cannot be shown, as within a formula or a link."
        return found

    def sides(self) -> tuple[str, str]:
        """Both sides as HTML that is safe to show."""
        back = markdown.render(self.back).html
        if not self.is_cloze:
            return markdown.render(self.front).html, back
        front = markdown.render(cloze.with_stand_ins(self.front)).html
        answers = [markdown.render(accepted[0]).html for accepted in cloze.gaps(self.front)]
        shown = "".join(f'<div class="gap">{answer}</div>' for answer in answers)
        return cloze.filled(front, lambda _: cloze.BLANK), f"{shown}\n{back}"

    def remarks(self) -> list[str]:
        """What the renderer stumbled on: shown beside the preview, and no reason not to save."""
        texts = (cloze.with_stand_ins(self.front) if self.is_cloze else self.front, self.back)
        return [
            f"{side}, line {line}: {message}" if line else f"{side}: {message}"
            for side, text in zip(("Front", "Back"), texts, strict=True)
            for line, message in markdown.render(text).problems
        ]


class TooMany(Exception):  # noqa: N818
    """The learner has as many cards of their own as they may have."""


def write(
    user: models.Model, card: OwnCard, *, row: Flashcard | None = None, card_id: uuid.UUID | None = None
) -> Flashcard:
    """Save a card of the learner's own: a new one, or `row` changed. A card that reads differently is a new version;
    what is remembered of it stays. `card_id` is the identity of a new one, random by default. Raises TooMany.
    """
    if row is None:
        make_sure_of_room(user, 1)
    row = filled(user, card, row=row, card_id=card_id)
    row.save()
    return row


def make_sure_of_room(user: models.Model, number: int) -> None:
    """Raises TooMany if the learner may not have so many more."""
    if Flashcard.objects.owned_by(user).count() + number > MOST_OWN:
        raise TooMany(f"You may have {MOST_OWN:,} cards of your own; there is no room for {number:,} more.")


def filled(
    user: models.Model, card: OwnCard, *, row: Flashcard | None = None, card_id: uuid.UUID | None = None
) -> Flashcard:
    """The row of `write`, rendered and not saved."""
    if row is None:
        row = Flashcard(owner_id=user.pk, version=0)
        row.uuid = card_id or row.uuid
        row.slug = f"own-{row.uuid}"
    changed = (row.front, row.back, row.kind) != (card.front, card.back, card.kind)
    row.front, row.back, row.kind, row.pile, row.topic = card.front, card.back, card.kind, card.pile, card.topic
    render(row)
    row.version += changed
    return row


def render(row: Flashcard) -> None:
    """Fill what pages print of a card of one's own; not saved."""
    row.front_html, row.back_html = OwnCard(row.front, row.back, row.kind).sides()


def render_note(card: Card) -> None:
    """Fill what pages print of a note; not saved."""
    card.note_html = markdown.render(card.note).html if card.note else ""


def discard(row: Flashcard) -> None:
    """It comes no more. It is kept with its history: the log only grows, and the learner may take it up again."""
    row.status = Status.RETIRED
    row.save(update_fields=["status", "updated_at"])


def take_up_again(row: Flashcard) -> None:
    row.status = Status.PUBLISHED
    row.save(update_fields=["status", "updated_at"])


def keep_note(card: Card, note: str) -> None:
    """The learner's note on a card, at most LONGEST_NOTE characters; empty takes it away. The card's version stays: a
    note is no event, and no undo takes it back."""
    card.note = note.strip()
    render_note(card)
    card.save(update_fields=["note", "note_html"])
