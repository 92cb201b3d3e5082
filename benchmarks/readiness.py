"""Does the plan help, and is its forecast true? Simulated learners whose memory is known, and is not the site's model.

Every learner has FSRS-6 weights of their own, drawn around the defaults; the site knows nothing of them and sees only
whether a card was recalled. Three ways of spending the same minutes a day are compared by the share of all cards
recalled on the day, and the forecasts made on the way by how far they were from that share.

    scripts/bench benchmarks/readiness.py [learners]
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from fsrs.scheduler import DEFAULT_PARAMETERS

from quizzes.readiness import CardTime, Curve, Deck, Effort, choose, curve, forecast, gain
from quizzes.readiness.deck import learned, relearned

CARDS, DAYS, MINUTES, TOPICS = 400, 14, 25, 8
EFFORT = Effort()
SITE = curve(DEFAULT_PARAMETERS)
RETENTION = 0.9
Bools = npt.NDArray[np.bool_]


@dataclass
class Learner:
    """`seen` is the deck as the site knows it; `true` as it is in the learner's head, with a curve of its own."""

    curve: Curve
    seen: Deck
    true: Deck
    due: npt.NDArray[np.float64]
    latest: npt.NDArray[np.float64]  # recalls of the last looks, 0 or 1, newest last
    known: Bools  # cards that came to mind when last looked at
    rng: np.random.Generator

    @classmethod
    def drawn(cls, seed: int) -> "Learner":
        rng = np.random.default_rng(seed)
        weights = np.array(DEFAULT_PARAMETERS)
        weights[:4] *= np.exp(rng.normal(0, 0.4))
        weights[8] += rng.normal(0, 0.2)
        weights[11] *= np.exp(rng.normal(0, 0.2))
        weights[20] = np.clip(weights[20] * np.exp(rng.normal(0, 0.15)), 0.1, 0.8)
        topics = np.arange(CARDS) * TOPICS // CARDS
        elapsed = np.zeros(CARDS)
        seen, true = (
            Deck(np.full(CARDS, np.nan), np.full(CARDS, np.nan), elapsed, np.ones(CARDS), topics) for _ in range(2)
        )
        return cls(curve(weights), seen, true, np.full(CARDS, np.inf), np.zeros(0), np.zeros(CARDS, bool), rng)

    def look(self, card: int, day: int) -> float:
        """One look at one card; the seconds that it takes."""
        met = bool(self.seen.met[card])
        if met and self.seen.elapsed[card] < 1:
            return 0.0
        chance = float(self.true.recall(self.curve)[card]) if met else EFFORT.first_recall
        recalled = bool(self.rng.random() < chance)
        for deck, memory in ((self.seen, SITE), (self.true, self.curve)):
            after = _after(deck, memory, card, recalled=recalled, met=met)
            deck.stability[card], deck.difficulty[card] = after
        if met:
            self.latest = np.append(self.latest, recalled)
        self.known[card] = recalled
        self.seen.elapsed[card] = 0  # shared by both decks
        self.due[card] = day + float(SITE.interval(self.seen.stability[card], RETENTION, 36_500))
        return (EFFORT.recalled if recalled else EFFORT.forgotten) if met else EFFORT.new

    def share(self) -> float:
        return float(self.true.recall(self.curve).mean())


def _after(deck: Deck, memory: Curve, card: int, *, recalled: bool, met: bool) -> tuple[float, float]:
    if not met:
        stability, difficulty = learned(memory, known=recalled)
    else:
        now = deck.stability[card : card + 1], deck.difficulty[card : card + 1], deck.elapsed[card : card + 1]
        stability, difficulty = memory.remembered(*now) if recalled else relearned(memory, *now)
    return float(np.ravel(stability)[0]), float(np.ravel(difficulty)[0])


Policy = Callable[[Learner, int], npt.NDArray[np.int64]]


def at_random(learner: Learner, day: int) -> npt.NDArray[np.int64]:
    return learner.rng.permutation(CARDS)


def plain_fsrs(learner: Learner, day: int) -> npt.NDArray[np.int64]:
    """What is due, the longest overdue first, then as many new cards as there is time for."""
    due = np.flatnonzero(learner.due <= day)
    return np.concatenate([due[np.argsort(learner.due[due], kind="stable")], np.flatnonzero(~learner.seen.met)])


def the_plan(learner: Learner, day: int) -> npt.NDArray[np.int64]:
    """What the site does: the forecast chooses how many cards are met and how many seen again; the queue gives what is
    due, none put off beyond the eve, then the new ones; what time is left goes to the cards that gain most."""
    left, met = DAYS - day, learner.seen.met
    _, chosen = choose(learner.seen, SITE, left, EFFORT, CardTime(MINUTES * 60.0, new=left > 1))
    waiting = met & (learner.seen.elapsed >= 1)
    due = np.flatnonzero(waiting & (np.minimum(learner.due, DAYS - 1) <= day))
    due = due[np.argsort(learner.due[due], kind="stable")][: int((chosen & met).sum())]
    new = np.flatnonzero(~met)[: int((chosen & ~met).sum())]
    ahead = np.argsort(-gain(learner.seen, SITE, left, EFFORT).rate, kind="stable")
    ahead = ahead[waiting[ahead] & ~np.isin(ahead, due)]
    return np.concatenate([due, new, ahead])


def live(seed: int, policy: Policy, *, ask_on: tuple[int, ...] = ()) -> tuple[float, list[dict[str, float]]]:
    """The share recalled on the day, and what was forecast of it on the days `ask_on`."""
    learner = Learner.drawn(seed)
    told = []
    for day in range(DAYS):
        if day in ask_on:
            told.append(_told(learner, day))
        left = MINUTES * 60.0
        for card in policy(learner, day):
            if left <= 0:
                break
            left -= learner.look(int(card), day)
        learner.seen.elapsed[:] += 1
    truth = learner.share()
    return truth, [one | {"truth": truth} for one in told]


def _told(learner: Learner, day: int) -> dict[str, float]:
    """The forecast, and two simpler ones: the share of cards last recalled, and that of the last fifty looks."""
    days = [CardTime(MINUTES * 60.0, new=number < DAYS - 1) for number in range(day, DAYS)]
    share = forecast(learner.seen, SITE, days, EFFORT, np.random.default_rng(day)).all.followed
    known = float(learner.known.mean())
    recent = float(learner.latest[-50:].mean()) if learner.latest.size else EFFORT.first_recall
    return {"mean": share.mean, "low": share.low, "high": share.high, "known": known, "recent": recent}


def main() -> None:
    learners = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(f"{learners} simulated learners, {CARDS} cards, {DAYS} days, {MINUTES} minutes a day")
    policies: dict[str, Policy] = {"the plan": the_plan, "plain FSRS": plain_fsrs, "at random": at_random}
    ends: dict[str, list[float]] = {}
    told: list[dict[str, float]] = []
    for name, policy in policies.items():
        ask_on = (3, 7, 11, 13) if policy is the_plan else ()
        lives = [live(seed, policy, ask_on=ask_on) for seed in range(learners)]
        ends[name] = [truth for truth, _ in lives]
        told += [one for _, said in lives for one in said]
    print("share of all cards recalled on the day: median [quartiles]; learners for whom the plan ended higher")
    for name, values in ends.items():
        low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
        ahead = np.mean(np.array(ends["the plan"]) > np.array(values))
        more = "" if name == "the plan" else f"   the plan is ahead for {ahead:.0%}"
        print(f"  {name:<12} {middle:.3f} [{low:.3f}–{high:.3f}]{more}")
    _print_calibration(told)
    _print_cost()


def _print_calibration(told: list[dict[str, float]]) -> None:
    truth = np.array([one["truth"] for one in told])
    print("forecasts made on days 3, 7, 11 and 13: mean absolute error, bias")
    for key, name in (("mean", "the forecast"), ("known", "share of cards “known”"), ("recent", "moving average")):
        error = np.array([one[key] for one in told]) - truth
        print(f"  {name:<24} {np.abs(error).mean():.3f}  {error.mean():+.3f}")
    inside = np.mean([one["low"] <= one["truth"] <= one["high"] for one in told])
    print(f"  the truth lies within the forecast's interval of 80 % in {inside:.0%}")


def _print_cost() -> None:
    rng = np.random.default_rng(0)
    seconds = {}
    for cards in (1_250, 2_500, 5_000, 10_000):
        met = rng.random(cards) < 0.5
        stability = np.where(met, rng.gamma(2, 5, cards), np.nan)
        deck = Deck(
            stability,
            np.where(met, 5.0, np.nan),
            np.where(met, rng.integers(0, 9, cards), 0.0),
            np.ones(cards),
            np.zeros(cards, np.int64),
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
