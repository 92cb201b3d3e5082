"""Adaptive quizzes: the next question is drawn when the last one is marked, harder after right and easier after wrong,
until the estimate is sure or the number that was wished for is reached."""

import random
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from quizzes.ability import Ability, Marked, ability, enough, next_level
from quizzes.beginning import Filters
from quizzes.models import QuizSession, SessionItem


def is_adaptive(session: QuizSession) -> bool:
    return bool(session.filters.get("adaptive"))


def draw_next(session: QuizSession, rng: random.Random) -> SessionItem | None:
    """Add the next question, if the session is adaptive, all its questions are marked, and there is still something to
    find out. Asked twice (a second tab), it adds one."""
    if not is_adaptive(session) or session.finished_at is not None:
        return None
    items = list(session.items.select_related("question").order_by("position"))
    if any(item.score is None for item in items) or len(items) >= session.filters["number"]:
        return None
    marked = _marked(items)
    if enough(marked):
        return None
    filters = Filters.from_json(session.filters)
    left = filters.questions().exclude(pk__in=[item.question_id for item in items])
    levels = sorted(set(left.values_list("level", flat=True)))
    if not levels:
        return None
    drawn = _draw(session, left.filter(level=next_level(marked, levels)).values_list("pk", "version"), rng)
    try:
        with transaction.atomic():
            return SessionItem.objects.create(
                session=session, position=len(items) + 1, question_id=drawn[0], question_version=drawn[1]
            )
    except IntegrityError:  # the other tab was faster
        return None


def _draw(session: QuizSession, offered: Iterable[tuple[int, int]], rng: random.Random) -> tuple[int, int]:
    """One of them, those never answered first."""
    rows = list(offered)
    rng.shuffle(rows)
    answered = set(
        SessionItem.objects.for_user(session.user)
        .committed()
        .filter(question__in=[pk for pk, _ in rows])
        .values_list("question_id", flat=True)
    )
    return min(rows, key=lambda row: row[0] in answered)


def level_found(session: QuizSession) -> Ability | None:
    """What an adaptive quiz found out; None for any other, or before anything was marked."""
    if not is_adaptive(session):
        return None
    marked = _marked(list(session.items.select_related("question").order_by("position")))
    return ability(marked) if marked else None


def _marked(items: list[SessionItem]) -> list[Marked]:
    return [Marked(item.question.level, item.score) for item in items if item.score is not None]
