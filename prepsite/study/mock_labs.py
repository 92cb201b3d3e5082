"""Labs in mock interviews: which may be a stage, and what was reached in one while its stage was open."""

import datetime as dt
from dataclasses import replace

from django.db.models import Model

from codelabs.availability import why_unavailable
from codelabs.models import Lab, Submission
from quizzes.mocks.drawing import LabOffer
from quizzes.mocks.script import LabOutcome


def mock_labs(user: Model) -> list[LabOffer]:
    """Published labs that this host can run. Called when an interview is drawn, through settings.MOCK_LABS."""
    labs = Lab.objects.published().only("slug", "title", "topic", "level", "minutes", "runtime", "concepts")
    passed = set(Submission.objects.filter(user=user.pk).passes().values_list("lab", flat=True))
    return [
        LabOffer(lab.slug, lab.title, lab.topic, lab.level, lab.minutes, tuple(lab.concepts), lab.pk in passed)
        for lab in labs
        if not why_unavailable(lab.runtime)
    ]


def lab_outcome(user: Model, slug: str, since: dt.datetime, until: dt.datetime) -> LabOutcome | None:
    """What came of a lab between two instants; None while a submission from between them has no verdict. Called when a
    lab stage ends, through settings.LAB_OUTCOME."""
    tried = Submission.objects.filter(user=user.pk, lab__slug=slug, kind=Submission.Kind.SUBMIT)
    tried = tried.filter(created_at__gte=since, created_at__lte=until).order_by("created_at")
    tried = tried.only("passed", "total", "lesson")
    if tried.in_flight(until).exists():
        return None
    shares = [one.passed / one.total if one.total else 0.0 for one in tried]
    if not shares and not Lab.objects.published().filter(slug=slug).exists():
        return LabOutcome(None)
    outcome = LabOutcome(max(shares, default=0.0), tries=len(shares))
    for one in tried:
        if belief := one.lesson.get("belief"):
            outcome = replace(outcome, belief=belief, cards=len(one.lesson.get("cards", ())))
        if memory := one.lesson.get("memory"):
            outcome = replace(
                outcome, memory=f"comes back in {memory['interval']} ({memory['word']}: {memory['reason']})"
            )
    return outcome
