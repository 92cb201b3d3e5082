"""Predicted recall beside what happened, in bins: on the diagonal they agree."""

from collections.abc import Sequence

from quizzes.fitting.calibration import Bin, Score
from quizzes.pictures.picture import Dot, Key, Line, Picture, percent, plural, share_axes

LOWEST = 0.4  # the chart begins here unless there are bins below
ENOUGH = 8  # reviews from which a bin's share means something


def calibration(
    name: str,
    title: str,
    found: Sequence[Bin],
    words: str,
    scores: Sequence[tuple[str, Score]],
    other: Sequence[Bin] = (),
    other_words: str = "",
    notes: Sequence[str] = (),
    empty: str = "",
) -> Picture:
    """`found` as dots joined by a line, `other` as squares joined by dashes. `scores` are told in words, the first
    being those of `found`."""
    lowest = min([LOWEST, *(min(one.predicted, one.recalled) for one in (*found, *other))])
    bottom = int(lowest * 5) / 5
    axes = share_axes(bottom, 1.0, bottom)
    ticks = [bottom + (1 - bottom) * step / 4 for step in range(5)]
    axes.ticks(ticks, [f"{100 * tick:.0f}" for tick in ticks])
    dots, paths = [], []
    for tone, of, which in (("other", other_words, other), ("main", words, found)):
        sure = [one for one in which if one.reviews >= ENOUGH]
        paths += [axes.path([(one.predicted, one.recalled) for one in sure], tone)] if len(sure) > 1 else []
        dots += [
            Dot(
                axes.x(one.predicted),
                axes.y(one.recalled),
                tone,
                f"{of}: predicted {percent(one.predicted)}, remembered {percent(one.recalled)} of {one.reviews:,}",
                4.5 if one.reviews >= ENOUGH else 2.5,
            )
            for one in which
        ]
    rows = [
        (
            of,
            f"{100 * one.low:.0f} to {100 * one.high:.0f} %",
            one.reviews,
            percent(one.predicted),
            percent(one.recalled),
        )
        for of, which in ((words, found), (other_words, other))
        for one in which
    ]
    reviews = sum(one.reviews for one in found)
    off = sum(one.reviews * abs(one.predicted - one.recalled) for one in found) / max(reviews, 1)
    return Picture(
        name,
        title,
        f"Over {plural(reviews, 'review')}, what was predicted and what happened lie "
        f"{100 * off:.1f} percentage points apart on average.",
        ("Prediction", "Predicted between", "Reviews", "Predicted on average", "Remembered"),
        rows,
        "remembered, by predicted recall, both in per cent",
        empty,
        lines=[*axes.lines, Line(axes.x(bottom), axes.y(bottom), axes.x(1), axes.y(1), "aim")],
        paths=paths,
        dots=dots,
        labels=axes.labels,
        keys=[
            Key("main", words, "dot"),
            *([Key("other", other_words, "square")] if other else []),
            Key("aim", "predictions that hold", "line"),
        ],
        notes=[*[_said(name, one, scores) for name, one in scores], *notes],
    )


def _said(name: str, one: Score, scores: Sequence[tuple[str, Score]]) -> str:
    best = min(score.log_loss for _, score in scores)
    mark = ", the lowest of these" if len(scores) > 1 and one.log_loss == best else ""
    return f"{name}: log loss {one.log_loss:.4f}{mark}, Brier score {one.brier:.4f}."
