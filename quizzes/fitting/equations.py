"""FSRS-6 one rating forward, for arrays of cards, each formula with its derivatives written beside it.

The formulas are those of FSRS-6 (open-spaced-repetition, "The Algorithm") as py-fsrs computes them; tests hold the
values against `quizzes.readiness.Curve`, itself held against py-fsrs, and the derivatives against differences.

Each function returns its value and a function `back(a)`: `a` is the derivative of the loss by that value; it adds the
derivatives by the weights to `grad` and returns those by the inputs.
"""

from collections.abc import Callable

import numpy as np
from fsrs.scheduler import STABILITY_MIN

from quizzes.fitting.log import Ints
from quizzes.readiness.curve import LEAST_DIFFICULTY, MOST_DIFFICULTY, Array

Back = Callable[[Array], tuple[Array, Array, Array]]
LN_09 = float(np.log(0.9))


def first(w: Array, rating: Ints, grad: Array) -> tuple[Array, Array, Callable[[Array, Array], None]]:
    """Stability and difficulty after the first rating ever."""
    easy = np.exp(w[5] * (rating - 1))
    raw = w[4] - easy + 1
    inside = (raw > LEAST_DIFFICULTY) & (raw < MOST_DIFFICULTY)

    def back(by_stability: Array, by_difficulty: Array) -> None:
        grad[:4] += np.bincount(rating - 1, by_stability, minlength=4)
        a = by_difficulty * inside
        grad[4] += a.sum()
        grad[5] -= (a * (rating - 1) * easy).sum()

    return np.maximum(w[rating - 1], STABILITY_MIN), np.clip(raw, LEAST_DIFFICULTY, MOST_DIFFICULTY), back


def recall(w: Array, stability: Array, elapsed: Ints, grad: Array) -> tuple[Array, Callable[[Array], Array]]:
    """Predicted recall; back: by stability."""
    decay = -w[20]
    factor = np.exp(LN_09 / decay) - 1
    base = 1 + factor * elapsed / stability
    value = base**decay

    def back(a: Array) -> Array:
        by_base = a * decay * value / base
        by_factor = -(factor + 1) * LN_09 / decay**2  # of factor by decay
        grad[20] -= (a * value * np.log(base) + by_base * elapsed / stability * by_factor).sum()
        return np.asarray(-by_base * factor * elapsed / stability**2)

    return value, back


def difficulty(w: Array, before: Array, rating: Ints, grad: Array) -> tuple[Array, Callable[[Array], Array]]:
    """Difficulty after any rating but the first; back: by the difficulty before."""
    easiest = w[4] - np.exp(3 * w[5]) + 1
    damped = before - (10 - before) * w[6] * (rating - 3) / 9
    raw = w[7] * easiest + (1 - w[7]) * damped
    inside = (raw > LEAST_DIFFICULTY) & (raw < MOST_DIFFICULTY)

    def back(a: Array) -> Array:
        a = a * inside
        grad[7] += (a * (easiest - damped)).sum()
        grad[4] += a.sum() * w[7]
        grad[5] -= a.sum() * w[7] * 3 * np.exp(3 * w[5])
        a = a * (1 - w[7])
        grad[6] -= (a * (10 - before) * (rating - 3) / 9).sum()
        return np.asarray(a * (1 + w[6] * (rating - 3) / 9))

    return np.clip(raw, LEAST_DIFFICULTY, MOST_DIFFICULTY), back


def remembered(w: Array, s: Array, d: Array, r: Array, rating: Ints, grad: Array) -> tuple[Array, Back]:
    """Stability after a card was recalled on a later day. Back: by stability, difficulty and recall."""
    bonus = np.where(rating == 2, w[15], np.where(rating == 4, w[16], 1.0))
    plain = np.exp(w[8]) * (11 - d) * s ** -w[9]
    ease = np.exp((1 - r) * w[10])
    growth = plain * (ease - 1) * bonus

    def back(a: Array) -> tuple[Array, Array, Array]:
        by_growth = a * s
        grad[8] += (by_growth * growth).sum()
        grad[9] -= (by_growth * growth * np.log(s)).sum()
        by_ease = by_growth * plain * bonus * ease
        grad[10] += (by_ease * (1 - r)).sum()
        by_bonus = by_growth * plain * (ease - 1)
        grad[15] += by_bonus[rating == 2].sum()
        grad[16] += by_bonus[rating == 4].sum()
        return a * (1 + growth - w[9] * growth), -by_growth * growth / (11 - d), -by_ease * w[10]

    return s * (1 + growth), back


def forgotten(w: Array, s: Array, d: Array, r: Array, grad: Array) -> tuple[Array, Back]:
    """Stability after a card was not recalled on a later day. Back: by stability, difficulty and recall."""
    grown = (s + 1) ** w[13]
    scale = w[11] * d ** -w[12] * np.exp((1 - r) * w[14])
    lost, at_most = scale * (grown - 1), s * np.exp(-w[17] * w[18])
    is_long = lost <= at_most

    def back(a: Array) -> tuple[Array, Array, Array]:
        short = np.where(is_long, 0.0, a)
        grad[17] -= (short * at_most).sum() * w[18]
        grad[18] -= (short * at_most).sum() * w[17]
        a = np.where(is_long, a, 0.0)
        grad[11] += (a * lost).sum() / w[11]
        grad[12] -= (a * lost * np.log(d)).sum()
        grad[13] += (a * scale * grown * np.log(s + 1)).sum()
        grad[14] += (a * lost * (1 - r)).sum()
        by_stability = a * scale * w[13] * grown / (s + 1) + short * np.exp(-w[17] * w[18])
        return by_stability, -a * w[12] * lost / d, -a * lost * w[14]

    return np.minimum(lost, at_most), back


def repeated(w: Array, s: Array, rating: Ints, grad: Array) -> tuple[Array, Callable[[Array], Array]]:
    """Stability after one more rating on the same day. Back: by stability."""
    free = np.exp(w[17] * (rating - 3 + w[18])) * s ** -w[19]
    held = (rating >= 2) & (free < 1)
    increase = np.where(held, 1.0, free)

    def back(a: Array) -> Array:
        by_power = np.where(held, 0.0, a * s * increase)
        grad[17] += (by_power * (rating - 3 + w[18])).sum()
        grad[18] += by_power.sum() * w[17]
        grad[19] -= (by_power * np.log(s)).sum()
        return np.asarray(a * np.where(held, 1.0, increase * (1 - w[19])))

    return s * increase, back
