"""Flashcards for tests, made without the loader."""

from typing import Any

from quizzes.models import Flashcard, Topic


def make_topic(slug: str = "recurrent-networks", **fields: Any) -> Topic:
    defaults = {"code": slug[:8], "title": slug.replace("-", " ").capitalize(), "summary": "A topic."}
    return Topic.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def make_flashcards(number: int, topic: Topic | None = None, **fields: Any) -> list[Flashcard]:
    """So many two-sided cards in teaching order, each its own fact."""
    topic = topic or make_topic()
    start = Flashcard.objects.count()
    return [
        Flashcard.objects.create(
            **{
                "slug": f"{topic.slug}--{index}",
                "topic": topic,
                "order": index,
                "front": f"Front {index}",
                "back": f"Back {index}",
                "front_html": f"<p>Front {index}</p>",
                "back_html": f"<p>Back {index}</p>",
            }
            | fields
        )
        for index in range(start, start + number)
    ]
