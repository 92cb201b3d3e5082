"""What is taken up where not everything fits before the date: of every topic the same share, weighted by the role."""

import math
from collections import Counter
from collections.abc import Container, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

SURE = 0.7
"""Of what there seems to be time for, the part that is met in teaching order. The rest follows topic by topic in turn:
if time falls short after all, no topic at the end of the curriculum pays for it alone."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Candidate(Generic[Key]):
    """Something that may be taken up: a card, a concept, a lab. `cost` is in whatever the room is counted in, 0 for
    what is done already; `needs` are keys of others that come with it."""

    key: Key
    group: Hashable
    weight: float
    cost: float
    needs: tuple[Key, ...] = ()


def fair_share(candidates: Sequence[Candidate[Key]], room: float = math.inf) -> list[Key]:
    """Keys of those that fit into `room`, in the order in which they are taken: from each group what is done, then in
    the order given.

    The place of a candidate is how much of its group is covered with it, divided by its weight; the smallest place
    comes first. So no group is finished while another waits untouched, and one of double weight is covered twice as
    far. What is needed comes with what needs it, and something too large makes way for what follows it.
    """
    candidates = sorted(candidates, key=lambda one: one.cost > 0)
    sizes = Counter(one.group for one in candidates)
    ranks = Counter[Hashable]()
    places: list[tuple[float, int]] = []
    for number, one in enumerate(candidates):
        ranks[one.group] += 1
        if one.weight > 0:
            places.append((ranks[one.group] / (sizes[one.group] * one.weight), number))
    known = {one.key: one for one in candidates}
    taken = dict.fromkeys(one.key for one in candidates if not one.cost)
    for _, number in sorted(places):
        bundle = _with_needs(candidates[number], known, taken)
        cost = sum(one.cost for one in bundle)
        if cost <= room:
            room -= cost
            taken |= dict.fromkeys(one.key for one in bundle)
    return list(taken)


def in_turn(candidates: Sequence[Candidate[int]], room: float) -> list[int]:
    """All candidates, whose keys are their places in teaching order, as they are met where there is time for `room` of
    them: in fair shares, the part that there is surely time for in teaching order."""
    taken = fair_share(candidates)
    first = round(SURE * room)
    return sorted(taken[:first]) + taken[first:]


def _with_needs(one: Candidate[Key], known: dict[Key, Candidate[Key]], taken: Container[Key]) -> list[Candidate[Key]]:
    """The candidate and all that it needs and is not taken yet; what is not offered cannot be needed."""
    found: dict[Key, Candidate[Key]] = {}
    waiting = [one]
    while waiting:
        following = waiting.pop()
        if following.key in found or following.key in taken:
            continue
        found[following.key] = following
        waiting += [known[need] for need in following.needs if need in known]
    return list(found.values())[::-1]
