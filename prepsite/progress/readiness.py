"""Readiness over time from the readings that were kept, for the page of the plan and for the album."""

from collections.abc import Sequence

from quizzes.models import Reading
from quizzes.pictures import Picture, readiness


def readiness_picture(readings: Sequence[Reading]) -> Picture:
    """`readings` of all topics together, for one interview, from the earliest day on."""
    seen = [readiness.Seen(one.study_day, one.now, one.mean, one.low, one.high) for one in readings]
    return readiness.readiness(seen, readings[-1].interview_date if readings else None)
