"""What one learner did with questions and cards, as tables that travel: nothing left out.

Flashcards and questions are named by their ids, which are the same on every site that has the content. Stability is in
days, difficulty from 1 to 10, a score from 0 to 1; `before` and `after` as `quizzes.scheduling` writes them.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet

from prepsite.lib.travel import Table
from quizzes import auditing, own_cards, own_media
from quizzes.exchange.anki import originals
from quizzes.models import (
    AnkiCard,
    AnkiNote,
    AnkiNoteType,
    Break,
    Card,
    ErrorReport,
    Fit,
    Flashcard,
    MediaFile,
    Plan,
    QuizSession,
    Reading,
    Review,
    SessionItem,
)


def _sound(cards: Any) -> Iterator[str]:
    """Every card that came in must be the fold of the log that came with it."""
    try:
        yield from auditing.disagreements(cards)
    except (KeyError, TypeError, ValueError) as error:
        yield f"A review cannot be read ({type(error).__name__}: {error})."


def _answers(user: Model) -> QuerySet[SessionItem]:
    return SessionItem.objects.for_user(user)


def _own_flashcards(user: Model) -> QuerySet[Flashcard]:
    return Flashcard.objects.filter(owner=user.pk)


def _note_types(user: Model) -> QuerySet[AnkiNoteType]:
    return AnkiNoteType.objects.filter(owner=user.pk)


def _anki_notes(user: Model) -> QuerySet[AnkiNote]:
    return AnkiNote.objects.filter(owner=user.pk)


def _anki_cards(user: Model) -> QuerySet[AnkiCard]:
    return AnkiCard.objects.filter(note__owner=user.pk, flashcard__owner=user.pk)


def _media(user: Model) -> QuerySet[MediaFile]:
    return MediaFile.objects.filter(owner=user.pk)


def _plan(user: Model) -> QuerySet[Plan]:
    return Plan.objects.filter(user=user.pk)


def _fit(user: Model) -> QuerySet[Fit]:
    return Fit.objects.filter(user=user.pk)


# What a page prints of a learner's Markdown never travels: it is rendered anew where it arrives.
TABLES = (
    Table(
        "media",
        MediaFile,
        _media,
        identity=("sha256",),
        owner="owner",
        complete=own_media.check,
        at_a_time=4,
    ),
    Table(
        "own_flashcards",
        Flashcard,
        _own_flashcards,
        {"topic": "slug"},
        owner="owner",
        left_out=frozenset({"front_html", "back_html", "file_digest", "edited_here", "updated_at", "question", "deck"}),
        complete=own_cards.render,
    ),
    Table(
        "anki_note_types",
        AnkiNoteType,
        _note_types,
        single=("number", "schema"),
        owner="owner",
        complete=originals.check_type,
    ),
    Table(
        "anki_notes",
        AnkiNote,
        _anki_notes,
        {"type": "uuid"},
        single=("guid",),
        owner="owner",
        complete=originals.check_note,
    ),
    Table(
        "anki_cards",
        AnkiCard,
        _anki_cards,
        {"flashcard": "uuid", "note": "uuid"},
        identity=("flashcard",),
        owner=None,
        within="flashcard",
    ),
    Table(
        "cards",
        Card,
        Card.objects.all().for_user,
        {"flashcard": "uuid"},
        single=("flashcard",),
        left_out=frozenset({"note_html"}),
        complete=own_cards.render_note,
        proof=_sound,
    ),
    Table(
        "reviews",
        Review,
        Review.objects.all().for_user,
        {"card": "uuid", "undoes": "uuid", "redoes": "uuid"},
        within="card",
    ),
    Table("plan", Plan, _plan, identity=("user",), left_out=frozenset({"chosen"})),
    Table("fit", Fit, _fit, identity=("user",)),
    Table("readings", Reading, Reading.objects.all().for_user, identity=("study_day", "topic")),
    Table("breaks", Break, Break.objects.all().for_user, identity=("first_day", "last_day")),
    Table("reports", ErrorReport, ErrorReport.objects.all().for_user, {"flashcard": "uuid"}),
    Table("quizzes", QuizSession, QuizSession.objects.all().for_user),
    Table(
        "answers",
        SessionItem,
        _answers,
        {"session": "uuid", "question": "uuid"},
        identity=("session", "position"),
        owner=None,
        within="session",
    ),
)
