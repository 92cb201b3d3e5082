"""Labs in mock interviews: which may be a stage, and what was reached in one while its stage was open."""

import datetime as dt

from django.db.models import Model

from codelabs.availability import why_unavailable
from codelabs.models import Lab, Submission
from quizzes.mocks.drawing import LabOffer


def mock_labs() -> list[LabOffer]:
    """Published labs that this host can run. Called when an interview is drawn, through settings.MOCK_LABS."""
    labs = Lab.objects.published().only("slug", "title", "topic", "level", "minutes", "runtime")
    return [
        LabOffer(lab.slug, lab.title, lab.topic, lab.level, lab.minutes)
        for lab in labs
        if not why_unavailable(lab.runtime)
    ]


def lab_score(user: Model, slug: str, since: dt.datetime, until: dt.datetime) -> float | None:
    """The best share of cases (0 to 1) that the learner passed in a lab between two instants; None without an attempt.
    Called when a lab stage ends, through settings.LAB_SCORE."""
    tried = Submission.objects.filter(user=user.pk, lab__slug=slug, kind=Submission.Kind.SUBMIT)
    shares = [
        passed / total
        for passed, total in tried.filter(created_at__gte=since, created_at__lte=until).values_list("passed", "total")
        if total
    ]
    return max(shares, default=None)
