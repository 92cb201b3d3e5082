"""Learners whose memory is known: what they answer follows FSRS-6 with weights of their own, while the site schedules
with its defaults and sees only the ratings."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from fsrs.scheduler import DEFAULT_PARAMETERS

from prepsite.accounts.models import User
from quizzes.card_log import card_uuid
from quizzes.models import Card, Flashcard, Review
from quizzes.scheduling import SCHEDULER, Memory, Settings, State, StudyClock, next_state, retrievability

UTC = StudyClock("UTC", 0)
START = dt.datetime(2025, 11, 1, 12, tzinfo=dt.UTC)
DEFAULTS = Settings(fuzz=False)


@dataclass(frozen=True)
class Given:
    card: int
    rating: int
    at: dt.datetime


def forgetful(**changes: float) -> Settings:
    """A learner who forgets faster than the defaults say, and unlike them: `w0=0.1` changes one weight."""
    weights = list(DEFAULT_PARAMETERS)
    weights[:4] = [0.1, 0.4, 0.8, 3.0]
    weights[8], weights[20] = 1.1, 0.35
    for name, value in changes.items():
        weights[int(name[1:])] = value
    return Settings(parameters=tuple(weights), fuzz=False)


def history(
    days: int,
    new_a_day: int,
    rng: np.random.Generator,
    learner: Settings,
    recalls: Callable[[int, float], float] = lambda day, recall: recall,
) -> Iterator[Given]:
    """What the learner answers, in order. `recalls(day, recall)` may bend the probability of recall."""
    site: list[Memory] = []
    true: list[Memory] = []
    for day in range(days):
        at = START + dt.timedelta(days=day)
        today = UTC.day(at)
        waiting = [card for card, memory in enumerate(site) if memory.due_day and memory.due_day <= today]
        waiting += range(len(site), len(site) + new_a_day)
        for card in waiting:
            if card == len(site):
                site.append(Memory(due=at))
                true.append(Memory(due=at))
            for _ in range(6):  # until the steps of this day are done
                chance = retrievability(true[card], at, UTC, learner) if true[card].stability else 0.6
                known = rng.random() < recalls(day, chance)
                rating = int(rng.choice([2, 3, 4], p=[0.1, 0.8, 0.1])) if known else 1
                yield Given(card, rating, at)
                site[card] = next_state(site[card], rating, at, UTC, DEFAULTS, "")
                true[card] = replace(next_state(true[card], rating, at, UTC, learner, ""), due_day=None)
                at += dt.timedelta(seconds=20)
                if site[card].state is State.REVIEW:
                    break


def store(user: User, given: Iterable[Given], flashcards: Sequence[Flashcard]) -> None:
    """Put a history into the user's log as the site would have written it, many rows at a time."""
    cards: dict[int, Card] = {}
    reviews: list[Review] = []
    for one in given:
        card = cards.get(one.card)
        if card is None:
            flashcard = flashcards[one.card]
            card = cards[one.card] = Card(user=user, flashcard=flashcard, uuid=card_uuid(user, flashcard), due=one.at)
        before = card.memory
        after = next_state(before, one.rating, one.at, UTC, DEFAULTS, str(card.uuid))
        reviews.append(
            Review(
                uuid=uuid.uuid5(card.uuid, str(card.version)), card=card, user=user, rating=one.rating, at=one.at,
                zone=UTC.zone, day_start_hour=UTC.day_start_hour, study_day=UTC.day(one.at), card_version=card.version,
                flashcard_version=1, duration_ms=6000 + 1000 * one.rating, scheduler=SCHEDULER,
                settings=DEFAULTS.as_json(), before=before.as_json(), after=after.as_json(),
            )
        )  # fmt: skip
        for name, value in vars(after).items():
            setattr(card, name, value)
        card.version += 1
        card.queue_day = after.due_day
    Card.objects.bulk_create(cards.values(), batch_size=500)
    Review.objects.bulk_create(reviews, batch_size=500)
