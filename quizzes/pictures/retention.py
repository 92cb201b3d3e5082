"""True retention: of learned cards that came back on a later day, the share that was remembered at first asking."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.pictures.picture import Key, Label, Line, Picture, percent, plural, share_axes

MATURE_DAYS = 21  # an interval from which a card is called mature, as in Anki


@dataclass(frozen=True)
class Share:
    """`recalled` of `reviews`."""

    reviews: int = 0
    recalled: int = 0

    @property
    def share(self) -> float | None:
        return self.recalled / self.reviews if self.reviews else None


@dataclass(frozen=True)
class Period:
    name: str
    young: Share
    mature: Share

    @property
    def all(self) -> Share:
        return Share(self.young.reviews + self.mature.reviews, self.young.recalled + self.mature.recalled)


def retention(periods: Sequence[Period], aim: float) -> Picture:
    """`aim` is the recall at which cards come back. The last period is the longest."""
    axes = share_axes(0, len(periods))
    bars, labels = [], []
    for place, period in enumerate(periods):
        for side, tone, name, one in ((0.12, "main", "young", period.young), (0.52, "soft", "mature", period.mature)):
            if one.share is None:
                labels.append(Label(axes.x(place + side + 0.18), axes.y(0) - 6, "none"))
                continue
            title = f"{period.name}, {name}: {one.recalled:,} of {one.reviews:,}"
            bars.append(axes.bar(place + side, place + side + 0.36, one.share, tone, title))
            labels.append(Label(axes.x(place + side + 0.18), axes.y(one.share) - 4, percent(one.share), tone="value"))
    axes.ticks([place + 0.5 for place in range(len(periods))], [period.name for period in periods])
    rows = [
        (
            period.name,
            *(
                word
                for one in (period.young, period.mature, period.all)
                for word in (percent(one.share), f"{one.recalled:,} of {one.reviews:,}")
            ),
        )
        for period in periods
    ]
    whole = periods[-1].all
    return Picture(
        "retention",
        "What you remembered",
        f"{percent(whole.share)} of {plural(whole.reviews, 'review')} of learned cards found them remembered: "
        f"{_by_age(periods[-1])}. "
        f"You aim at {percent(aim)}.",
        ("Period", "Young", "Reviews of young", "Mature", "Reviews of mature", "All", "Reviews of all"),
        rows if whole.reviews else (),
        "per cent remembered, by period",
        "Once learned cards come back, this shows which share of them you remembered.",
        bars=bars,
        lines=[*axes.lines, Line(axes.x(0), axes.y(aim), axes.x(len(periods)), axes.y(aim), "aim")],
        labels=[*axes.labels, *labels],
        keys=(
            Key("main", f"young: interval under {MATURE_DAYS} days"),
            Key("soft", "mature"),
            Key("aim", f"your aim, {percent(aim)}", "line"),
        ),
        notes=("The first rating of a card on a day counts; its repeats in steps of minutes do not.",),
    )


def _by_age(period: Period) -> str:
    ages = (("young", period.young), ("mature", period.mature))
    known = [f"{percent(one.share)} of {name}" for name, one in ages if one.share is not None]
    none = "".join(f", with no {name} ones yet" for name, one in ages if one.share is None)
    return f"{' and '.join(known)} cards{none}"
