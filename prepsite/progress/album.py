"""A learner's pictures. What several of them need is read once; what none of those asked for needs is not read."""

import datetime as dt
import statistics
from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from django.db.models import Count

from prepsite import study
from prepsite.accounts.models import User
from prepsite.progress.fit_words import FitWords
from prepsite.progress.readiness import readiness_picture
from quizzes.fits import finding_of
from quizzes.fitting import bins, moving_average, predictions, score
from quizzes.fitting.calibration import Score
from quizzes.fitting.log import Bools
from quizzes.mocks.scores import ADEQUATE, Dimension, scores_from
from quizzes.models import Break, Card, Fit, QuizSession, Reading, Review
from quizzes.models.question import Performance
from quizzes.pictures import (
    Picture,
    calibration,
    forgetting,
    heat_map,
    histograms,
    load,
    mastery_map,
    mock_history,
    retention,
    time_spent,
)
from quizzes.planning import DEFAULTS, terms_of
from quizzes.readiness import curve
from quizzes.readiness.curve import Array
from quizzes.review_evidence import Evidence, evidence_of
from quizzes.scheduling import Settings, StudyClock
from quizzes.streaks import streak

MOCKS = 24  # the latest that are drawn
PERIODS = (("30 days", 30), ("90 days", 90), ("all time", 36_500))


FIT = "fit"


class Album:
    """`NAMES` are the pictures in the order of the page."""

    NAMES = (
        "heat-map",
        "mastery",
        "readiness",
        "load",
        "retention",
        "time",
        "mocks",
        "forgetting",
        "calibration",
        "recall",
        "stability",
        "difficulty",
    )

    def __init__(self, user: User, at: dt.datetime, clock: StudyClock) -> None:
        self.user, self.at, self.clock, self.today = user, at, clock, clock.day(at)

    def picture(self, name: str) -> Picture:
        """Raises KeyError for a name that is neither in `NAMES` nor `FIT`."""
        makers: dict[str, Callable[[], Picture]] = {
            "heat-map": self._heat_map,
            "mastery": self._mastery,
            "readiness": self._readiness,
            "mocks": self._mocks,
            "load": self._load,
            "retention": self._retention,
            "time": self._time,
            "forgetting": self._forgetting,
            "calibration": self._calibration,
            FIT: self._fit,
            "recall": lambda: histograms.recall(self._recall.tolist()),
            "stability": lambda: histograms.stability([stability for stability, _, _ in self._cards]),
            "difficulty": lambda: histograms.difficulty([difficulty for _, difficulty, _ in self._cards]),
        }
        return makers[name]()

    @cached_property
    def fit(self) -> FitWords:
        """What is to be said of the learner's fit."""
        row = Fit.objects.filter(user=self.user).first()
        in_use = self._settings.parameters is not None
        return FitWords(row, finding_of(row), in_use, len(self.evidence), self.at)

    @cached_property
    def evidence(self) -> Evidence:
        return evidence_of(self.user)

    @cached_property
    def _days(self) -> list[tuple[dt.date, int, int | None]]:
        return list(Review.objects.for_user(self.user).taking_time().by_day())

    @cached_property
    def _breaks(self) -> list[Break]:
        return list(Break.objects.for_user(self.user))

    @cached_property
    def _spans(self) -> list[heat_map.Span]:
        return [(one.first_day, one.last_day) for one in self._breaks]

    @cached_property
    def _settings(self) -> Settings:
        return terms_of(self.user, self.today).settings

    @cached_property
    def _cards(self) -> list[tuple[float, float, dt.date]]:
        """Stability, difficulty and last study day of every card that was rated and may come again."""
        rated = Card.objects.for_user(self.user).active().filter(stability__isnull=False, last_day__isnull=False)
        rows = rated.order_by().values_list("stability", "difficulty", "last_day")
        return [(s, d, day) for s, d, day in rows if s is not None and d is not None and day is not None]

    @cached_property
    def _recall(self) -> Array:
        stability = np.array([one for one, _, _ in self._cards])
        elapsed = np.array([(self.today - day).days for _, _, day in self._cards], float)
        return curve(self._settings.weights).recall(stability, elapsed)

    def _heat_map(self) -> Picture:
        reviews = {day: number for day, number, _ in self._days}
        return heat_map.heat_map(reviews, self.today, self._spans, streak(reviews, self.today, self._breaks))

    def _mastery(self) -> Picture:
        return mastery_map.mastery_map(
            [
                mastery_map.Place(
                    one.topic.slug,
                    one.topic.code,
                    one.topic.title,
                    tuple(one.builds_on),
                    tuple(one.recall.get(Performance(name)) for name in mastery_map.PERFORMANCES),
                )
                for one in study.mastery_of(self.user, self.today)
            ]
        )

    def _readiness(self) -> Picture:
        return readiness_picture(list(Reading.objects.for_user(self.user).whole().of_latest_interview()))

    def _mocks(self) -> Picture:
        finished = QuizSession.objects.for_user(self.user).mocks().taken().order_by("finished_at", "pk")
        taken = [
            mock_history.Taken(self.clock.day(at), tuple(one.shown_share for one in scores_from(kept)))
            for at, kept in finished.values_list("finished_at", "report")
            if at is not None
        ]
        names = [one.value for one in Dimension]
        return mock_history.mock_history(names, taken[-MOCKS:], ADEQUATE)

    def _load(self) -> Picture:
        learned = Card.objects.for_user(self.user).learned().order_by()
        waiting = dict(learned.values_list("queue_day").annotate(Count("pk")))
        return load.load(waiting, self.today, self._spans)

    def _retention(self) -> Picture:
        seen, today = self.evidence, self.today.toordinal()
        mature = seen.interval >= retention.MATURE_DAYS

        def share(which: Bools) -> retention.Share:
            chosen = seen.learned & which
            return retention.Share(int(chosen.sum()), int((chosen & seen.recalled).sum()))

        periods = []
        for name, days in PERIODS:
            recent = seen.day > today - days
            periods.append(retention.Period(name, share(recent & ~mature), share(recent & mature)))
        return retention.retention(periods, self._settings.desired_retention)

    def _time(self) -> Picture:
        first = self.today - dt.timedelta(days=time_spent.DAYS - 1)
        since = self.clock.start_of(first)
        cards: Mapping[dt.date, float] = {day: (spent or 0) / 1000 for day, _, spent in self._days if day >= first}
        quizzes = study.quiz_seconds(self.user, since, self.clock)
        labs = study.lab_seconds(self.user, since, self.clock)
        return time_spent.time_spent([("cards", cards), ("quizzes", quizzes), ("labs", labs)], self.today)

    def _forgetting(self) -> Picture:
        seen = self.evidence
        average = statistics.median([stability for stability, _, _ in self._cards] or [1.0])
        shape = curve(self._settings.weights)
        return forgetting.forgetting(
            seen.elapsed.astype(float),
            seen.stability,
            seen.recalled,
            average,
            lambda times: float(shape.recall(np.array(1.0), times)),
        )

    def _calibration(self) -> Picture:
        seen, log = self.evidence, self.evidence.log
        scores: list[tuple[str, Score]] = []
        if len(seen):
            order = np.argsort(log.turn[log.tested])
            average = np.empty(len(seen))
            average[order] = moving_average(seen.recalled[order])
            scores = [
                ("What was predicted at the time", score(seen.predicted, seen.recalled)),
                ("The defaults", score(predictions(log, np.array(DEFAULTS.weights))[log.tested], seen.recalled)),
                ("A moving average that knows no cards", score(average, seen.recalled)),
            ]
        return calibration.calibration(
            "calibration",
            "Do the predictions hold?",
            bins(seen.predicted, seen.recalled),
            "predicted at the time",
            scores,
            notes=("Dots above the line: you remember more than predicted. Small dots stand for few reviews.",),
            empty="Once cards come back on later days, this compares what was predicted with what you remembered.",
        )

    def _fit(self) -> Picture:
        found = self.fit.finding
        return calibration.calibration(
            FIT,
            "Your fit on the reviews held back",
            found.fitted_bins if found else (),
            "your fit",
            [
                ("Your fit", found.fitted),
                ("The defaults", found.defaults),
                ("A moving average that knows no cards", found.average),
            ]
            if found
            else (),
            other=found.default_bins if found else (),
            other_words="the defaults",
            empty="Once a fit has been made, this shows how it predicted what it had not seen.",
        )
