"""Labs in mock interviews: which may be a stage, and what was reached in one while its stage was open."""

import datetime as dt
from dataclasses import replace

from django.db.models import Model

from codelabs.availability import why_unavailable
from codelabs.models import Lab, Reveal, Submission
from quizzes.mocks.drawing import LabOffer
from quizzes.mocks.script import LabOutcome


def mock_labs(user: Model) -> list[LabOffer]:
    """Published labs that this host can run. Called when an interview is drawn, through settings.MOCK_LABS."""
    labs = Lab.objects.published().only("slug", "title", "topic", "level", "minutes", "runtime", "concepts")
    known = set(Submission.objects.filter(user=user.pk).passes().values_list("lab", flat=True))
    known |= set(Reveal.objects.filter(user=user.pk).values_list("lab", flat=True))
    return [
        LabOffer(lab.slug, lab.title, lab.topic, lab.level, lab.minutes, tuple(lab.concepts), lab.pk in known)
        for lab in labs
        if not why_unavailable(lab.runtime)
    ]


def lab_outcome(user: Model, slug: str, since: dt.datetime, until: dt.datetime) -> LabOutcome | None:
    """What came of a lab between two instants; None while a submission from between them has no verdict. Called when a
    lab stage ends, through settings.LAB_OUTCOME."""
    tried = Submission.objects.filter(user=user.pk, lab__slug=slug, kind=Submission.Kind.SUBMIT)
    tried = tried.filter(created_at__gte=since, created_at__lte=until).order_by("created_at")
    tried = tried.only("passed", "total", "lesson", "created_at")
    if tried.in_flight(until).exists():
        return None
    reveals = Reveal.objects.filter(user=user.pk, lab__slug=slug, revealed_at__gte=since, revealed_at__lte=until)
    shown_at = reveals.values_list("revealed_at", flat=True).first()
    alone = [one for one in tried if shown_at is None or one.created_at < shown_at]
    best = max((one.passed / one.total for one in alone if one.total), default=0.0)
    if not tried and not Lab.objects.published().filter(slug=slug).exists():
        return LabOutcome(None)
    outcome = LabOutcome(best, tries=len(tried), shown=shown_at is not None)
    for one in tried:
        if belief := one.lesson.get("belief"):
            outcome = replace(outcome, belief=belief, cards=len(one.lesson.get("cards", ())))
        if memory := one.lesson.get("memory"):
            outcome = replace(
                outcome, memory=f"comes back in {memory['interval']} ({memory['word']}: {memory['reason']})"
            )
    return outcome
