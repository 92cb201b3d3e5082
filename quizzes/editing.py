"""An edit made in the admin: a new version, rendered again, that loading leaves alone unless told otherwise.

Each function is called when the row and its parts are saved. What a row says afterwards is what its file would say.
"""

from django.db import transaction

from quizzes import rows
from quizzes.content import prose
from quizzes.loading import keep_revision
from quizzes.models import Concept, Deck, Flashcard, Guide, Misconception, Question, Topic


@transaction.atomic
def question_edited(question: Question) -> None:
    """Render everything anew; the text of a new version is kept for ever."""
    question = Question.objects.with_parts().prefetch_related("flashcards").get(pk=question.pk)
    data = rows.question_data(question)
    last = question.revisions.first()
    question.version += last is not None and last.source != rows.source(data)
    digest = question.file_digest
    rows.fill_question(question, data, question.topic)
    question.edited_here, question.file_digest = True, digest
    question.save()
    rows.put_parts(question, data, {concept.slug: concept for concept in Concept.objects.all()})
    keep_revision(question, rows.source(data))


@transaction.atomic
def guide_edited(guide: Guide) -> None:
    guide = Guide.objects.select_related("topic").get(pk=guide.pk)
    guide.version += 1
    guide.body_html = prose.block(guide.body).html
    guide.edited_here = True
    guide.save()


@transaction.atomic
def deck_edited(deck: Deck) -> None:
    deck = Deck.objects.select_related("topic").get(pk=deck.pk)
    deck.version += 1
    deck.edited_here = True
    deck.save()
    rows.put_cards(deck, rows.deck_data(deck), {concept.slug: concept for concept in Concept.objects.all()})


@transaction.atomic
def card_edited(card: Flashcard, *, reworded: bool) -> None:
    """A card is part of its question's or deck's file. `reworded` says that its sides changed, not only their order."""
    card.version += reworded
    card.save()
    if card.question is not None:
        question_edited(card.question)
    elif card.deck is not None:
        deck_edited(card.deck)


def misconception_edited(misconception: Misconception) -> None:
    misconception.correction_html = prose.block(misconception.correction).html
    misconception.edited_here = True
    misconception.save()


def topic_edited(topic: Topic) -> None:
    """For a topic and for its concepts, which stand in the same table of the same file."""
    topic.edited_here = True
    topic.save(update_fields=["edited_here"])
