"""Which lab stands under which on the map: each under the last of what it builds on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Place:
    """A lab on the map: what it builds on besides the lab it stands under, and what stands under it."""

    slug: str
    also: tuple[str, ...] = ()
    then: list["Place"] = field(default_factory=list)


def placed(needs: Mapping[str, Sequence[str]]) -> list[Place]:
    """The labs that build on nothing, with all others below them, each once and in the order of `needs`.

    needs: lab → labs that it builds on; a name that is no key is left out. A lab stands under the one of them that
    lies deepest, the first of several. Labs that wait for each other, which files are refused for but an edit may
    bring about, lose nobody: the first of them is placed as if it did not wait.
    """
    known = {slug: [name for name in names if name in needs and name != slug] for slug, names in needs.items()}
    depths: dict[str, int] = {}
    waiting = list(known)
    while waiting:
        ready = [slug for slug in waiting if all(name in depths for name in known[slug])] or waiting[:1]
        for slug in ready:
            depths[slug] = 1 + max((depths.get(name, -1) for name in known[slug]), default=-1)
        waiting = [slug for slug in waiting if slug not in depths]
    places = {slug: Place(slug) for slug in known}
    roots: list[Place] = []
    for slug, names in known.items():
        above = max((name for name in names if depths[name] < depths[slug]), key=depths.__getitem__, default=None)
        places[slug].also = tuple(name for name in names if name != above)
        (roots if above is None else places[above].then).append(places[slug])
    return roots
