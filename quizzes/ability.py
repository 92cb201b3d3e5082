"""How hard a question should come next, and how sure we are: one number for what somebody can, from marked answers.

The model is Rasch's with a common discrimination: an answer to a question of difficulty b is right with probability
σ(a(θ − b)) for somebody of ability θ, and partial credit counts as so much of a right and the rest of a wrong answer.
The estimate is the posterior mean under a standard normal prior, its error the posterior standard deviation, both
summed over a grid (Bock and Mislevy, 1982, "Adaptive EAP estimation of ability").
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

DIFFICULTY = {"basic": -1.0, "intermediate": 0.0, "advanced": 1.0}
DISCRIMINATION = 1.7
CLEAR = 0.8  # of the posterior within the level that is named: who is far beyond it need not be placed exactly
SURE = 0.5  # standard deviation from which on another question would hardly change the estimate
LEAST_ANSWERS = 4  # however sure: a handful of questions of one kind says little
RIGHT, WRONG = 0.8, 0.6  # a score from which the next is harder, and below which it is easier
_GRID = [step / 10 for step in range(-40, 41)]


@dataclass(frozen=True)
class Marked:
    """One marked answer: the level of its question, and a score from 0 to 1."""

    level: str
    score: float


@dataclass(frozen=True)
class Ability:
    """On the scale on which basic questions lie at −1, intermediate ones at 0 and advanced ones at 1."""

    mean: float
    error: float
    certainty: float  # how likely the level of `words` is

    @property
    def sure(self) -> bool:
        return self.error <= SURE or self.certainty >= CLEAR

    @property
    def words(self) -> str:
        """Where the learner stands, in the words of the levels."""
        return _words(self.mean)

    @property
    def place(self) -> str:
        """The mean as it is printed, with the sign that mathematics has."""
        return f"{self.mean:.1f}".replace("-", "−")


def _words(theta: float) -> str:
    if theta < DIFFICULTY["basic"] - 0.5:
        return "below basic questions"
    if theta < -0.5:
        return "at basic questions"
    if theta < 0.5:
        return "at intermediate questions"
    return "at advanced questions" if theta < DIFFICULTY["advanced"] + 0.5 else "beyond advanced questions"


def ability(marked: Sequence[Marked]) -> Ability:
    """What these answers say; the prior alone without any."""
    weights = [math.exp(_log_posterior(theta, marked)) for theta in _GRID]
    total = sum(weights)
    mean = sum(theta * weight for theta, weight in zip(_GRID, weights, strict=True)) / total
    variance = sum((theta - mean) ** 2 * weight for theta, weight in zip(_GRID, weights, strict=True)) / total
    here = sum(weight for theta, weight in zip(_GRID, weights, strict=True) if _words(theta) == _words(mean))
    return Ability(mean, math.sqrt(variance), here / total)


def _log_posterior(theta: float, marked: Sequence[Marked]) -> float:
    found = -theta * theta / 2
    for one in marked:
        x = DISCRIMINATION * (theta - DIFFICULTY[one.level])
        found += one.score * x - max(x, 0.0) - math.log1p(math.exp(-abs(x)))  # score·x − log(1 + eˣ), without overflow
    return found


def next_level(marked: Sequence[Marked], offered: Sequence[str]) -> str:
    """One of `offered` (at least one level): harder after a right answer, easier after a wrong one, else the same."""
    levels = [level for level in DIFFICULTY if level in offered]
    if not marked:
        return min(levels, key=lambda level: abs(DIFFICULTY[level]))
    last = marked[-1]
    step = 1 if last.score >= RIGHT else -1 if last.score < WRONG else 0
    wanted = DIFFICULTY[last.level] + step
    return min(levels, key=lambda level: abs(DIFFICULTY[level] - wanted))


def enough(marked: Sequence[Marked]) -> bool:
    """Whether the estimate is as sure as a quiz needs it."""
    return len(marked) >= LEAST_ANSWERS and ability(marked).sure
