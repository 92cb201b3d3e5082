"""Which of several passages is about what is asked: by the words they share, the rare ones weighing most. Pure."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence

_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"[a-z][a-z-]{2,}")


def words(html: str) -> list[str]:
    return _WORD.findall(_TAG.sub(" ", html).lower())


def best_place(passages: Sequence[Counter[str]], wanted: Collection[str]) -> int | None:
    """The place of the passage with the highest score; None if none has any of the words. Words weigh by how few
    passages have them (inverse document frequency), so that common ones decide nothing."""
    having = Counter(word for passage in passages for word in passage)
    rare = {word: math.log(1 + len(passages) / having[word]) for word in set(wanted) if word in having}

    def score(place: int) -> float:
        return sum(weight * math.log1p(passages[place][word]) for word, weight in rare.items())

    best = max(range(len(passages)), key=score, default=None)
    return best if best is not None and score(best) > 0 else None
