"""The topics as a map: what builds on what, and in each the predicted recall in the four performances."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.pictures.picture import Bar, Key, Label, Path, Picture, percent, plural

PERFORMANCES = ("say", "derive", "code", "debug")
BOX_WIDTH, BOX_HEIGHT = 112, 132
GAP_X, GAP_Y = 16, 20
MARGIN = 6
LANE = 12  # above the boxes, for a line that passes over columns
TITLE_LETTERS, TITLE_LINES = 15, 3
BAR_LEFT, BAR_WIDTH, BAR_HEIGHT, BAR_STEP = 48, 56, 8, 14
FIRST_BAR = 73  # below the top of a box


@dataclass(frozen=True)
class Place:
    """One topic. `shares` are the predicted recalls in the order of `PERFORMANCES`, from 0 to 1 and over everything
    that the topic asks; None where it asks nothing of the kind. `builds_on` names slugs of other places."""

    slug: str
    code: str
    title: str
    builds_on: tuple[str, ...]
    shares: tuple[float | None, ...]

    @property
    def words(self) -> str:
        said = [f"{name} {percent(share)}" for name, share in zip(PERFORMANCES, self.shares, strict=True)]
        return f"{self.code} {self.title}: {', '.join(said)}"


@dataclass(frozen=True)
class _Spot:
    """The upper left corner of a topic's box, in its column."""

    place: Place
    column: int
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + BOX_HEIGHT / 2


def mastery_map(places: Sequence[Place]) -> Picture:
    """`places` in the curriculum's order, each after what it builds on. Nothing is drawn before something was met."""
    nearest = _nearest(places)
    columns = _columns(places, nearest)
    deepest = max(columns.values(), default=0)
    tallest = max((list(columns.values()).count(column) for column in columns.values()), default=1)
    long = [(a, b) for b, names in nearest.items() for a in names if columns[b] - columns[a] > 1]
    top = MARGIN + LANE * len(long)
    height = tallest * (BOX_HEIGHT + GAP_Y) - GAP_Y
    spots: dict[str, _Spot] = {}
    for column in range(deepest + 1):
        here = [place for place in places if columns[place.slug] == column]
        start = top + (height - len(here) * (BOX_HEIGHT + GAP_Y) + GAP_Y) / 2
        for row, place in enumerate(here):
            x, y = MARGIN + column * (BOX_WIDTH + GAP_X), start + row * (BOX_HEIGHT + GAP_Y)
            spots[place.slug] = _Spot(place, column, x, y)
    edges = [
        _edge(spots[a], spots[b], top - LANE * (1 + long.index((a, b))) if (a, b) in long else None)
        for b, names in nearest.items()
        for a in names
    ]
    bars: list[Bar] = []
    labels: list[Label] = []
    for spot in spots.values():
        box_bars, box_labels = _box(spot)
        bars += box_bars
        labels += box_labels
    met = any(share for place in places for share in place.shares)
    titles = {place.slug: place.code for place in places}
    return Picture(
        "mastery",
        "Map of mastery",
        _sentence(places),
        ("Topic", "Builds on", *(f"{name} it".capitalize() for name in PERFORMANCES)),
        [
            (
                f"{place.code} {place.title}",
                ", ".join(titles[slug] for slug in nearest[place.slug]) or "nothing",
                *map(percent, place.shares),
            )
            for place in places
        ]
        if met
        else (),
        "topics from left to right, each after what it builds on",
        "Once you have reviewed cards of questions or passed labs, this shows how much of each topic you may recall.",
        bars=bars,
        paths=edges,
        labels=labels,
        keys=(Key("main", "predicted to be recalled today"), Key("heat-0", "not yet, or forgotten by now")),
        notes=(
            "Over all questions and labs of a topic; what you have not met counts as not recalled. – : nothing asked.",
        ),
        width=2 * MARGIN + (deepest + 1) * (BOX_WIDTH + GAP_X) - GAP_X,
        height=top + height + MARGIN,
        is_wide=True,
        reads_from_left=True,
    )


def _nearest(places: Sequence[Place]) -> dict[str, list[str]]:
    """What each builds on directly: without what that builds on in turn, which the map shows by the way there."""
    below: dict[str, set[str]] = {}
    nearest: dict[str, list[str]] = {}
    for place in places:
        names = [name for name in place.builds_on if name in below]
        under = {deeper for name in names for deeper in below[name]}
        nearest[place.slug] = [name for name in names if name not in under]
        below[place.slug] = under | set(names)
    return nearest


def _columns(places: Sequence[Place], nearest: dict[str, list[str]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place in places:
        columns[place.slug] = 1 + max((columns[name] for name in nearest[place.slug]), default=-1)
    return columns


def _edge(start: _Spot, end: _Spot, lane: float | None) -> Path:
    x1, x2 = start.x + BOX_WIDTH, end.x
    points = [(x1, start.middle), (x2, end.middle)]
    if lane is not None:
        points[1:1] = [(x1 + GAP_X / 2, lane), (x2 - GAP_X / 2, lane)]
    return Path(" ".join(f"{round(x, 1)},{round(y, 1)}" for x, y in points), "edge")


def _box(spot: _Spot) -> tuple[list[Bar], list[Label]]:
    place, x, y = spot.place, spot.x, spot.y
    bars = [Bar(x, y, BOX_WIDTH, BOX_HEIGHT, "box", place.words)]
    labels = [Label(x + 8, y + 15, place.code, "start")]
    title = textwrap.wrap(place.title.partition(":")[0], TITLE_LETTERS, max_lines=TITLE_LINES, placeholder=" …")
    labels += [Label(x + 8, y + 30 + 13 * row, line, "start", "title") for row, line in enumerate(title)]
    for row, (name, share) in enumerate(zip(PERFORMANCES, place.shares, strict=True)):
        top = y + FIRST_BAR + BAR_STEP * row
        labels.append(Label(x + 8, top + 8, name, "start"))
        if share is None:
            labels.append(Label(x + BAR_LEFT, top + 8, "–", "start"))
            continue
        bars.append(Bar(x + BAR_LEFT, top, BAR_WIDTH, BAR_HEIGHT, "heat-0"))
        if share > 0:
            bars.append(Bar(x + BAR_LEFT, top, round(max(1.5, BAR_WIDTH * share), 1), BAR_HEIGHT, "main"))
    return bars, labels


def _sentence(places: Sequence[Place]) -> str:
    asked = [(place, [share for share in place.shares if share is not None]) for place in places]
    means = [(sum(shares) / len(shares), place) for place, shares in asked if shares]
    if not means:
        return "No topic asks anything yet."
    best, strongest = max(means, key=lambda one: one[0])
    begun = sum(mean > 0 for mean, _ in means)
    verb = "has" if begun == 1 else "have"
    if not begun:
        return f"None of {plural(len(means), 'topic')} with questions or labs has been begun."
    return (
        f"{begun} of {plural(len(means), 'topic')} with questions or labs {verb} been begun. "
        f"The largest share would be recalled of {strongest.title.partition(':')[0]}: {percent(best)}, the mean of its "
        "performances."
    )
