"""Does the plan help, and is its forecast true? Simulated learners whose memory is known, and is not the site's model.

Every learner has FSRS-6 weights of their own, drawn around the defaults, and knows more or fewer of the new cards
already than the site supposes; the site sees only whether a card was recalled. Each prepares for one of the site's
roles, whose interviewers ask of every topic as much as its weight says. Three ways of spending the same minutes a day
are compared by the chance that a card so asked is recalled on the day, and the forecasts made on the way by how far
they were from the share of all cards recalled.

    scripts/bench benchmarks/readiness.py
"""

import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from fsrs.scheduler import DEFAULT_PARAMETERS

from quizzes.readiness import (
    RECALL_WHEN_DUE,
    Candidate,
    CardTime,
    Curve,
    Deck,
    Effort,
    Row,
    Share,
    choose,
    curve,
    forecast,
    in_turn,
    second_look,
)
from quizzes.readiness.deck import learned, relearned
from quizzes.roles import ROLES, Role

DAYS, MINUTES, SIBLINGS = 14, 25, 2
TOPICS = [one["slug"] for one in tomllib.loads(Path("fixtures/topics.toml").read_text())["topic"]]
DECKS = {"time for all": 400, "time for half": 800}
EFFORT = Effort()
SITE = curve(DEFAULT_PARAMETERS)
RETENTION = 0.9  # of plain FSRS
Bools = npt.NDArray[np.bool_]
Array = npt.NDArray[np.float64]


@dataclass
class Learner:
    """`seen` is the deck as the site knows it; `true` as it is in the learner's head, with a curve of its own. They
    share what both know: when a card was seen, when it is due, and whether it was seen on one day only."""

    curve: Curve
    seen: Deck
    true: Deck
    rng: np.random.Generator
    latest: Array  # recalls of the last looks, 0 or 1, newest last
    known: Bools  # cards that came to mind when last looked at
    first_recall: float  # the probability that a card never seen is known already

    @classmethod
    def drawn(cls, seed: int, cards: int) -> "Learner":
        rng = np.random.default_rng(seed)
        weights = np.array(DEFAULT_PARAMETERS)
        weights[:4] *= np.exp(rng.normal(0, 0.4))
        weights[8] += rng.normal(0, 0.2)
        weights[11] *= np.exp(rng.normal(0, 0.2))
        weights[20] = np.clip(weights[20] * np.exp(rng.normal(0, 0.15)), 0.1, 0.8)
        seen = _new_deck(list(ROLES.values())[seed % len(ROLES)], cards)
        true = replace(seen, stability=seen.stability.copy(), difficulty=seen.difficulty.copy())
        first = float(np.clip(rng.normal(EFFORT.first_recall, 0.15), 0.05, 0.95))
        return cls(curve(weights), seen, true, rng, np.zeros(0), np.zeros(cards, bool), first)

    def look(self, card: int, retention: float, longest: int) -> float:
        """One look at one card, which comes back when recall falls to `retention`; the seconds that it takes."""
        seen, met = self.seen, bool(self.seen.met[card])
        if met and seen.elapsed[card] < 1:
            return 0.0
        chance = float(self.true.recall(self.curve)[card]) if met else self.first_recall
        recalled = bool(self.rng.random() < chance)
        for deck, memory in ((seen, SITE), (self.true, self.curve)):
            deck.stability[card], deck.difficulty[card] = _after(deck, memory, card, recalled=recalled, met=met)
        if met:
            self.latest = np.append(self.latest, recalled)
        self.known[card] = recalled
        seen.elapsed[card], seen.once[card] = 0, not met
        seen.due[card] = float(SITE.interval(seen.stability[card], retention, longest))
        return (EFFORT.recalled if recalled else EFFORT.forgotten) if met else EFFORT.new

    def sleep(self) -> None:
        self.seen.elapsed[:] += 1
        self.seen.due[:] -= 1

    def share(self) -> float:
        return float(self.true.recall(self.curve).mean())

    def asked(self) -> float:
        """The chance to recall a card that an interviewer for this learner's role asks."""
        return float(np.average(self.true.recall(self.curve), weights=self.true.weight))

    def remembered(self) -> Bools:
        """Which cards come to mind on the day: what a forecast's interval is about."""
        drawn: Bools = self.rng.random(len(self.true)) < self.true.recall(self.curve)
        return drawn


def _new_deck(role: Role, cards: int) -> Deck:
    """As many cards in every topic, in the order in which the site has them met."""
    topics = [n * len(TOPICS) // cards for n in range(cards)]
    weights = [role.weight(TOPICS[topic]) for topic in topics]
    room = DAYS * MINUTES * 60 / (EFFORT.new + second_look(EFFORT))
    order = in_turn([Candidate(n, topics[n], weights[n], 1.0) for n in range(cards)], room)
    return Deck.of(Row(None, None, None, weights[n], topics[n], kin=n // SIBLINGS) for n in order)


def _after(deck: Deck, memory: Curve, card: int, *, recalled: bool, met: bool) -> tuple[float, float]:
    if not met:
        stability, difficulty = learned(memory, known=recalled)
    else:
        now = deck.stability[card : card + 1], deck.difficulty[card : card + 1], deck.elapsed[card : card + 1]
        stability, difficulty = memory.remembered(*now) if recalled else relearned(memory, *now)
    return float(np.ravel(stability)[0]), float(np.ravel(difficulty)[0])


@dataclass(frozen=True)
class Policy:
    """Which cards a day holds, in order; and the recall at which a card falls due. `to_a_date`: at the latest on the
    eve, and a day's cards were chosen to fill its time and are all looked at, as the queue gives them; else as many as
    there is time for."""

    cards: Callable[[Learner, int], npt.NDArray[np.int64]]
    retention: float
    to_a_date: bool = False


def at_random(learner: Learner, day: int) -> npt.NDArray[np.int64]:
    return learner.rng.permutation(len(learner.seen))


def plain_fsrs(learner: Learner, day: int) -> npt.NDArray[np.int64]:
    """What is due, the longest overdue first, then as many new cards as there is time for."""
    seen = learner.seen
    due = np.flatnonzero(seen.met & (seen.due <= 0))
    return np.concatenate([due[np.argsort(seen.due[due], kind="stable")], np.flatnonzero(~seen.met)])


def the_plan(learner: Learner, day: int) -> npt.NDArray[np.int64]:
    """What the site does: the cards that the plan chose for the day, and no others; second looks first, new last."""
    time, *later = _days(day)
    seen, seconds_later = learner.seen, sum(one.seconds for one in later)
    chosen = np.flatnonzero(choose(seen, SITE, DAYS - day, EFFORT, time, seconds_later)[1])
    return chosen[np.lexsort((~seen.once[chosen], ~seen.met[chosen]))]


def _days(first: int) -> list[CardTime]:
    return [CardTime(MINUTES * 60.0, new=day < DAYS - 1, last=day == DAYS - 1) for day in range(first, DAYS)]


POLICIES = {
    "the plan": Policy(the_plan, RECALL_WHEN_DUE, to_a_date=True),
    "plain FSRS": Policy(plain_fsrs, RETENTION),
    "at random": Policy(at_random, RETENTION),
}


@dataclass(frozen=True)
class Life:
    """The chance on the day to recall what is asked, and any card; the cards met and those of them seen on one day
    only, the minutes that all days took, and what was forecast."""

    asked: float
    share: float
    met: int
    once: int
    minutes: float
    told: list["Told"]


@dataclass
class Told:
    """What was forecast one morning, for all cards and by topic, and by two simpler ways: the share of cards last
    recalled, and that of the last fifty looks. The rest is filled in on the day."""

    share: Share
    topics: list[Share]
    known: float
    recent: float
    truth: float = 0.0  # the probability of recall, averaged over all cards
    inside: bool = False  # whether the share remembered lay within the interval
    topics_inside: float = 0.0  # the share of topics for which it did


def live(seed: int, cards: int, policy: Policy, *, ask_on: tuple[int, ...] = ()) -> Life:
    learner = Learner.drawn(seed, cards)
    told, used = [], 0.0
    for day in range(DAYS):
        if day in ask_on:
            told.append(_told(learner, day))
        left = MINUTES * 60.0
        for card in policy.cards(learner, day):
            if left <= 0 and not policy.to_a_date:
                break
            left -= learner.look(int(card), policy.retention, DAYS - day - 1 if policy.to_a_date else 36_500)
        used += MINUTES - left / 60
        learner.sleep()
    met = learner.seen.met
    truth, remembered = learner.share(), learner.remembered()
    by_topic = [float(remembered[learner.true.topic == topic].mean()) for topic in range(len(TOPICS))]
    for one in told:
        one.truth, one.inside = truth, _holds(one.share, float(remembered.mean()))
        one.topics_inside = float(
            np.mean([_holds(share, was) for share, was in zip(one.topics, by_topic, strict=True)])
        )
    return Life(learner.asked(), truth, int(met.sum()), int((met & learner.seen.once).sum()), used, told)


def _holds(share: Share, truth: float) -> bool:
    return share.low <= truth <= share.high


def _told(learner: Learner, day: int) -> Told:
    told = forecast(learner.seen, SITE, _days(day), EFFORT, np.random.default_rng(day))
    recent = float(learner.latest[-50:].mean()) if learner.latest.size else EFFORT.first_recall
    return Told(told.all.followed, [topic.followed for topic in told.topics], float(learner.known.mean()), recent)


def main() -> None:
    learners = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    told: list[Told] = []
    for name, cards in DECKS.items():
        print(f"{name}: {learners} simulated learners, {cards} cards, {DAYS} days, {MINUTES} minutes a day")
        lives = {
            name: [live(s, cards, one, ask_on=(3, 7, 11, 13) * (one.to_a_date)) for s in range(learners)]
            for name, one in POLICIES.items()
        }
        told += [one for life in lives["the plan"] for one in life.told]
        _print_ends(lives)
    _print_calibration(told)
    _print_cost()


def _print_ends(lives: dict[str, list[Life]]) -> None:
    print("  chance on the day to recall what is asked: median [quartiles] (all cards alike: median); cards, minutes;")
    print("  learners for whom the plan ended higher")
    plan = np.array([life.asked for life in lives["the plan"]])
    for name, some in lives.items():
        asked = np.array([life.asked for life in some])
        low, middle, high = np.quantile(asked, [0.25, 0.5, 0.75])
        alike = np.median([life.share for life in some])
        met, once, took = (np.mean([getattr(life, of) for life in some]) for of in ("met", "once", "minutes"))
        more = "" if name == "the plan" else f"; the plan is ahead for {np.mean(plan > asked):.0%}"
        ends = f"{middle:.3f} [{low:.3f}–{high:.3f}] ({alike:.3f})"
        print(f"    {name:<12} {ends}; {met:.0f} met, {once:.0f} on one day only, {took:.0f} minutes{more}")


def _print_calibration(told: list[Told]) -> None:
    truth = np.array([one.truth for one in told])
    print("forecasts made on days 3, 7, 11 and 13: mean absolute error, bias")
    forecasts: dict[str, Callable[[Told], float]] = {
        "the forecast": lambda one: one.share.mean,
        "share of cards “known”": lambda one: one.known,
        "moving average": lambda one: one.recent,
    }
    for name, said in forecasts.items():
        error = np.array([said(one) for one in told]) - truth
        print(f"  {name:<24} {np.abs(error).mean():.3f}  {error.mean():+.3f}")
    inside, by_topic = np.mean([one.inside for one in told]), np.mean([one.topics_inside for one in told])
    print(f"  what is remembered lies within the interval of 80 % in {inside:.0%}; topic by topic in {by_topic:.0%}")


def _print_cost() -> None:
    rng = np.random.default_rng(0)
    seconds = {}
    for cards in (1_250, 2_500, 5_000, 10_000):
        deck = Deck.of(
            Row(
                float(rng.gamma(2, 5)), 5.0, int(rng.integers(0, 9)), due=int(rng.integers(-2, 9)), kin=card // SIBLINGS
            )
            if rng.random() < 0.5
            else Row(None, None, None, kin=card // SIBLINGS)
            for card in range(cards)
        )
        runs = []
        for _ in range(7):
            start = time.perf_counter()
            forecast(deck, SITE, [CardTime(1800.0)] * 14, EFFORT, rng)
            runs.append(time.perf_counter() - start)
        seconds[cards] = float(np.median(runs))
    base = seconds[1_250]
    print(
        "cost of a forecast, as a multiple of that for 1,250 cards: "
        + ", ".join(f"{n:,} cards {s / base:.1f}×" for n, s in seconds.items())
    )


if __name__ == "__main__":
    main()
