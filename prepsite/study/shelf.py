"""The shelf of labs: all that are published, with where one learner stands with each."""

from dataclasses import dataclass

from codelabs.models import Lab, Submission
from codelabs.models.submission import Standing
from prepsite.accounts.models import User

_HEAVY = ("statement", "html", "wrong", "equivalent", "proof", "filed_proof", "hints", "limits", "banned")


@dataclass(frozen=True)
class LabShelf:
    """`labs` in the curriculum's order, without their texts; `standings` by primary key, of those that were tried."""

    labs: list[Lab]
    standings: dict[int, Standing]

    def standing(self, lab: Lab) -> Standing:
        return self.standings.get(lab.pk, Standing.NEW)

    def on_topic(self, slug: str) -> list[Lab]:
        return [lab for lab in self.labs if lab.topic == slug]

    @property
    def passed(self) -> set[str]:
        """Slugs of the labs that were passed, with or without a look at the solution."""
        return {lab.slug for lab in self.labs if self.standing(lab).is_pass}


def lab_shelf(user: User | None) -> LabShelf:
    """One query for the labs and, for a learner, one for the standings."""
    standings = Submission.objects.for_user(user).standings() if user is not None else {}
    return LabShelf(list(Lab.objects.published().defer(*_HEAVY)), standings)
