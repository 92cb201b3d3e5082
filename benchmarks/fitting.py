"""What fitting costs: a fit to a learner's log beside one plain pass over the same log, and the page of pictures beside
a query that reads the log. CPU times: medians with their quartiles; the ratios are what travels.

    scripts/bench benchmarks/fitting.py [reviews]
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from fsrs.scheduler import DEFAULT_PARAMETERS

from quizzes.fitting import Log, find, predictions
from quizzes.fitting.model import loss_and_gradient

WEIGHTS = np.array(DEFAULT_PARAMETERS)


def drawn(reviews: int, seed: int = 1) -> Log:
    """About so many ratings: cards of four to twelve ratings at growing intervals, remembered as another learner's
    weights say."""
    rng = np.random.default_rng(seed)
    weights = WEIGHTS.copy()
    weights[:4] *= 0.5
    weights[20] = 0.3
    cards = reviews // 8
    lengths = rng.integers(4, 13, cards)
    card = np.repeat(np.arange(cards), lengths)
    place = np.concatenate([np.arange(length) for length in lengths])
    gap = np.where(place == 0, rng.integers(0, 200, len(card)), np.ceil(2.2**place * rng.uniform(0.6, 1.4, len(card))))
    start = np.repeat(np.cumsum(lengths) - lengths, lengths)
    total = np.cumsum(gap)
    day = (total - (total[start] - gap[start])).astype(np.int64)
    order = np.argsort(day, kind="stable")
    rating = np.full(len(card), 3)
    for _ in range(3):  # outcomes change the memory that predicts them: a few rounds settle them
        log = Log.of(zip(card[order], day[order], rating[order], strict=True))
        chance = np.nan_to_num(predictions(log, weights), nan=0.7)
        rating[order[log.turn]] = np.where(rng.random(len(log)) < chance, 3, 1)
    return Log.of(zip(card[order], day[order], rating[order], strict=True))


def timed(act: Callable[[], object], times: int) -> tuple[float, float, float]:
    """Median and quartiles, in seconds of CPU."""
    found = []
    for _ in range(times):
        start = time.process_time()
        act()
        found.append(time.process_time() - start)
    quartiles = statistics.quantiles(found, n=4) if times > 1 else [found[0]] * 3
    return statistics.median(found), quartiles[0], quartiles[2]


def main(reviews: int) -> None:
    log = drawn(reviews)
    print(f"{len(log):,} ratings of {len(np.unique(log.card)):,} cards")
    plain = timed(lambda: predictions(log, WEIGHTS), 9)
    both = timed(lambda: loss_and_gradient(log, WEIGHTS, log.tested), 9)
    whole = timed(lambda: find(log), 3)
    for name, (middle, low, high) in (("a plain pass", plain), ("with gradient", both), ("the whole fit", whole)):
        print(f"{name:16} {1000 * middle:8.1f} ms ({1000 * low:.1f} to {1000 * high:.1f})  {middle / plain[0]:6.1f} ×")
    found = find(log)
    print(
        f"log loss held out: fit {found.fitted.log_loss:.4f}, defaults {found.defaults.log_loss:.4f}, "
        f"moving average {found.average.log_loss:.4f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
