"""Judges of random answers. Each is wrong about a right answer with a probability of at most `rate`, proven, not hoped.

The bounds hold for every sample size; none of them is an approximation for large samples. They return what is wrong as
a sentence without values, empty if nothing is.

`count` is how many samples the task asks for. It is no formality: the fewer there are, the less can be said against
them, and whoever answers with a single one is right about anything.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

RATE = 1e-6  # of false failures, for one judgement
NUMBER = "There are not as many samples as the task asks for."


def frequencies(samples: Any, probabilities: Sequence[float], count: int, rate: float = RATE) -> str:
    """Samples of 0 … k-1 drawn with these probabilities: the support exactly, the frequencies by the G statistic.

    Its tail is bounded as in R. Agrawal, Finite-sample concentration of the multinomial in relative entropy, IEEE
    Transactions on Information Theory 66 (2020), theorem I.2: P(KL >= e) <= exp(-ne) (e n e / (k-1))^(k-1).
    """
    drawn = np.asarray(samples)
    if drawn.ndim != 1 or drawn.dtype.kind not in "iu":
        return "The samples are not whole numbers in one row."
    if drawn.size != count:
        return NUMBER
    p = np.asarray(probabilities, dtype=float)
    if drawn.min() < 0 or drawn.max() >= len(p):
        return "A sample lies outside the range of the choices."
    counts = np.bincount(drawn, minlength=len(p))
    if counts[p == 0].any():
        return "Something is drawn that has a probability of zero."
    alive = p > 0
    seen, n = counts[alive], drawn.size
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(seen > 0, seen / n * np.log(seen / n / p[alive]), 0.0)
    divergence = float(terms.sum())
    return "The frequencies do not fit the probabilities." if divergence > _limit(n, int(alive.sum()), rate) else ""


def _limit(n: int, choices: int, rate: float) -> float:
    """The smallest divergence whose tail bound is below `rate`, by bisection."""
    free = choices - 1
    if free == 0:
        return 0.0

    def log_bound(divergence: float) -> float:
        return -n * divergence + free * math.log(math.e * n * divergence / free)

    low, high = free / n, free / n + 1.0
    while log_bound(high) > math.log(rate):
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if log_bound(middle) > math.log(rate) else (low, middle)
    return high


def distribution(samples: Any, cdf: Callable[[npt.NDArray[np.float64]], Any], count: int, rate: float = RATE) -> str:
    """Real samples with this distribution function, by the largest distance of the empirical one from it.

    Bounded by P. Massart, The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality, 1990.
    """
    drawn = np.sort(np.asarray(samples, dtype=float).ravel())
    n = drawn.size
    if n != count:
        return NUMBER
    if not np.isfinite(drawn).all():
        return "The samples are not finite numbers."
    right = np.asarray(cdf(drawn), dtype=float)
    steps = np.arange(n + 1) / n
    distance = max(float((steps[1:] - right).max()), float((right - steps[:-1]).max()))
    limit = math.sqrt(math.log(2 / rate) / (2 * n))
    return "The samples do not have the distribution of the task." if distance > limit else ""


def share(count: int, n: int, probability: float, rate: float = RATE) -> str:
    """`count` of `n` independent events of this probability, by the Chernoff bound on either side."""
    if not 0 <= count <= n or n == 0:
        return "The count is not possible."
    if probability in (0.0, 1.0):
        return "" if count == n * probability else "What is certain did not always happen."
    q = count / n
    parts = ((q, probability), (1 - q, 1 - probability))
    divergence = sum(a * math.log(a / b) for a, b in parts if a > 0)
    return "The share of these events does not fit their probability." if n * divergence > math.log(2 / rate) else ""


def mean(samples: Any, expected: float, low: float, high: float, count: int, rate: float = RATE) -> str:
    """The mean of independent samples from [low, high], by Hoeffding's inequality. A sample outside is wrong itself."""
    drawn = np.asarray(samples, dtype=float).ravel()
    if drawn.size != count:
        return NUMBER
    if not np.isfinite(drawn).all() or drawn.min() < low or drawn.max() > high:
        return "A sample lies outside the range of the task."
    limit = (high - low) * math.sqrt(math.log(2 / rate) / (2 * drawn.size))
    return "The mean of the samples is not the expected one." if abs(drawn.mean() - expected) > limit else ""


def normal_cdf(mean: float = 0.0, deviation: float = 1.0) -> Callable[[npt.NDArray[np.float64]], Any]:
    """The distribution function of a normal variable, for `distribution`."""

    def cdf(x: npt.NDArray[np.float64]) -> Any:
        return np.array([0.5 * math.erfc((mean - value) / (deviation * math.sqrt(2))) for value in x])

    return cdf


def uniform_cdf(low: float, high: float) -> Callable[[npt.NDArray[np.float64]], Any]:
    """The distribution function of a variable that is uniform on [low, high], for `distribution`."""
    return lambda x: np.clip((x - low) / (high - low), 0.0, 1.0)
