"""What learners write: a draft that is always kept, and submissions with their verdicts."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property

from codelabs.models.lab import Lab

# The queue has had the time to hand it to another worker, and that one to grade it.
STALE_AFTER = 3 * timedelta(seconds=settings.GRADING_SECONDS)


class Standing(models.TextChoices):
    """Where a learner stands with a lab, in the words that the pages use."""

    NEW = "new", "new"
    TRIED = "tried", "tried"
    PASSED = "passed", "passed"
    SHOWN = "shown", "passed after reveal"

    @property
    def is_pass(self) -> bool:
        return self in (Standing.PASSED, Standing.SHOWN)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def for_user(self, user: models.Model) -> Self:
        return self.filter(user=user)

    def for_visitor(self, session_key: str) -> Self:
        return self.of_visitors().filter(visitor=session_key).exclude(visitor="")

    def of_visitors(self) -> Self:
        """Of people without an account, whoever they were."""
        return self.filter(user=None)

    def passes(self) -> Self:
        """Submissions of all cases that passed."""
        return self.filter(kind=Submission.Kind.SUBMIT, verdict="passed")

    def in_flight(self, at: datetime) -> Self:
        """Not finished, and not given up: a grading that its worker took to the grave blocks nobody for long."""
        return self.exclude(status=Submission.Status.FINISHED).filter(created_at__gt=at - STALE_AFTER)

    def claim(self, pk: int, at: datetime, *, redelivered: bool = False) -> "Submission | None":
        """Take a submission for grading, or None if it is finished or in other hands.

        A message that the queue delivers again comes from a worker that died, so its submission may be taken over; so
        may one that has been running for too long.
        """
        free = models.Q(status=Submission.Status.QUEUED)
        lost = models.Q(status=Submission.Status.RUNNING)
        if not redelivered:
            lost &= models.Q(started_at__lte=at - STALE_AFTER)
        taken = self.filter(free | lost, pk=pk).update(
            status=Submission.Status.RUNNING, started_at=at, result={}, passed=0, total=0
        )
        whole = self.with_after_reveal().select_related("lab", "user").defer("lab__html")
        return whole.get(pk=pk) if taken else None

    def with_after_reveal(self) -> Self:
        """Each submission with `after_reveal`: whether its learner had seen the solution when it was sent."""
        seen = Reveal.objects.filter(
            user=models.OuterRef("user"), lab=models.OuterRef("lab"), revealed_at__lte=models.OuterRef("created_at")
        )
        return self.annotate(after_reveal=models.Exists(seen))

    def standings(self) -> dict[int, Standing]:
        """The standing with each lab that was tried, by the lab's primary key; one query."""
        passed = models.Q(kind=Submission.Kind.SUBMIT, verdict="passed")
        rows = (
            self.order_by()
            .with_after_reveal()
            .values("lab_id")
            .annotate(
                passes=models.Count("pk", filter=passed),
                unaided=models.Count("pk", filter=passed & models.Q(after_reveal=False)),
            )
        )
        return {row["lab_id"]: _standing(row["passes"], row["unaided"]) for row in rows}


def _standing(passes: int, unaided: int) -> Standing:
    if unaided:
        return Standing.PASSED
    return Standing.SHOWN if passes else Standing.TRIED


class Submission(models.Model):
    """`kind` run grades the visible cases, submit all of them. `result` is what `grade --json` prints; while it
    runs, `result` holds the cases marked so far and `total` how many there will be."""

    class Kind(models.TextChoices):
        RUN = "run", "run"
        SUBMIT = "submit", "submit"

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="submissions"
    )
    visitor = models.CharField(max_length=40, blank=True, help_text="Session key of someone trying a lab signed out.")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="submissions")
    lab_version = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    source = models.TextField()
    scratch = models.TextField(blank=True, help_text="Lines of the learner's own, run beside the visible cases.")
    hints = models.PositiveSmallIntegerField(default=0, help_text="How many hints were opened before it was sent.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    verdict = models.CharField(max_length=10, blank=True)
    passed = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    misconception = models.SlugField(max_length=80, blank=True, help_text="The mistake that it was recognised as.")
    result = models.JSONField(default=dict, blank=True)
    lesson = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the site made of the mistake: cards brought forward, a question on it.",
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("user", "lab", "-created_at"), name="submission_history"),
            models.Index(
                fields=("visitor", "-created_at"), name="visitor_history", condition=models.Q(user__isnull=True)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | ~models.Q(visitor=""),
                name="a_submission_has_an_owner",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.lab_id}: {self.verdict or self.status}"

    def get_absolute_url(self) -> str:
        return reverse("codelabs:submission", args=[self.uuid])

    @cached_property
    def after_reveal(self) -> bool:
        """Whether its learner had seen the solution when it was sent. `with_after_reveal` tells it of many at once."""
        if self.user_id is None:
            return False
        seen = Reveal.objects.filter(user_id=self.user_id, lab_id=self.lab_id, revealed_at__lte=self.created_at)
        return seen.exists()

    @property
    def is_pass(self) -> bool:
        """Whether all cases passed, the hidden ones too."""
        return self.kind == self.Kind.SUBMIT and self.verdict == "passed"

    def is_lost(self, at: datetime, *, queue: bool) -> bool:
        """Whether its grader must have died. With a queue, what has not been begun may still be waiting there."""
        since = self.started_at if queue else self.started_at or self.created_at
        return self.status != self.Status.FINISHED and since is not None and since <= at - STALE_AFTER

    def publish(self, marked: list[dict[str, Any]], total: int) -> bool:
        """Add cases that have just been marked, for those who watch. False if another worker has it by now."""
        cases = [*self.result.get("cases", []), *marked]
        return self._record(result={"cases": cases}, passed=_passed(cases), total=total)

    def finish(self, result: dict[str, Any], at: datetime) -> bool:
        """Record what grading found. False, and nothing changes, if another worker has it or was faster."""
        diagnosis = result["diagnosis"] or {}
        found = {
            "verdict": result["verdict"],
            "passed": result["passed"],
            "total": result["total"],
            "misconception": diagnosis.get("misconception", ""),
            "result": result,
            "status": self.Status.FINISHED,
            "finished_at": at,
        }
        return self._record(**found)

    def _record(self, **found: Any) -> bool:
        """Write what was found, if this grading still has the submission."""
        mine = Submission.objects.filter(pk=self.pk, status=self.Status.RUNNING, started_at=self.started_at)
        if not mine.update(**found):
            return False
        for name, value in found.items():
            setattr(self, name, value)
        return True


def _passed(cases: list[dict[str, Any]]) -> int:
    return sum(case["verdict"] == "passed" for case in cases)


class DraftQuerySet(models.QuerySet["Draft"]):
    def keep(
        self,
        user: models.Model,
        lab: Lab,
        source: str,
        at: datetime,
        *,
        scratch: str | None = None,
        base: str | None = None,
    ) -> bool:
        """Save what the editor holds, and the scratch lines unless they are None; the last save wins. True if another
        text was put aside for it.

        `base` is the text that this editor last had in common with the draft. Another one, such as a second device has
        saved since, is put aside, and stays the draft where nothing was written here.
        """
        kept = {"source": source, "saved_at": at} | ({} if scratch is None else {"scratch": scratch})
        mine = self.filter(user_id=user.pk, lab=lab)
        expected = mine if base is None else mine.filter(source__in=(base, source))
        if expected.update(**kept):
            return False  # as nearly always
        held = mine.values_list("source", flat=True).first()
        if held is not None and held not in (base, source):
            if source == base:
                del kept["source"]
            elif held.strip() and held != lab.file("starter.py"):
                kept["aside"] = held
        self.update_or_create(user_id=user.pk, lab=lab, defaults=kept)
        return "aside" in kept

    def begin_again(self, user: models.Model, lab: Lab, starter: str, at: datetime) -> "Draft":
        """Put the starter into the editor and what it held aside, from where it can be taken back."""
        draft, _ = self.get_or_create(user_id=user.pk, lab=lab, defaults={"source": starter, "saved_at": at})
        if draft.source != starter:
            draft.aside, draft.source, draft.saved_at = draft.source, starter, at
            draft.save(update_fields=["aside", "source", "saved_at"])
        return draft


class Draft(models.Model):
    """The editor's content for one learner and lab, and what it held before it was last reset or overtaken."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="drafts")
    source = models.TextField()
    scratch = models.TextField(blank=True)
    aside = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "lab"), name="one_draft_per_learner_and_lab"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.lab_id}"


class RevealQuerySet(models.QuerySet["Reveal"]):
    def record(self, user: models.Model, lab: Lab, at: datetime) -> "Reveal":
        """Note that `user` asked to see the solution. Only the first time counts."""
        return self.get_or_create(user_id=user.pk, lab=lab, defaults={"revealed_at": at})[0]


class Reveal(models.Model):
    """A learner has seen a lab's solution; passes from then on are marked so."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reveals")
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="reveals")
    revealed_at = models.DateTimeField()

    objects = RevealQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "lab"), name="one_reveal_per_learner_and_lab"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.lab_id}"
