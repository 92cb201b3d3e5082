"""Which of several passages is about what is asked: by the words they share, the rare ones weighing most. Pure."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence

_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"[a-z][a-z-]{2,}")
_BLOCK = re.compile(r"<(/?)(p|ul|ol|pre|table|blockquote|div|math|h[2-6])\b[^>]*>")


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


def blocks(html: str) -> list[str]:
    """Rendered Markdown cut into its outermost blocks."""
    found, depth, start = [], 0, 0
    for tag in _BLOCK.finditer(html):
        depth += -1 if tag[1] else 1
        if not depth:
            found.append(html[start : tag.end()].strip())
            start = tag.end()
    return found


def passage_about(question_html: str, answer_html: str) -> str:
    """The block of an answer that a further question is most likely about, with the one after it; empty if there is
    none, or if the answer has no more than that anyway."""
    parts = blocks(answer_html)
    place = best_place([Counter(words(part)) for part in parts], words(question_html))
    return "" if place is None or len(parts) <= 2 else "\n".join(parts[place : place + 2])
