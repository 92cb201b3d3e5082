"""What one learner wrote in the labs, for the file they download: plain values, nothing left out.

Labs are named by their slug and the version that was graded; `result` is what `manage.py grade --json` prints.
"""

from typing import Any

from django.db.models import Model, QuerySet

from codelabs.models import Draft, Reveal, Submission
from prepsite.lib.rows import values_of


def export_for(user: Model) -> dict[str, Any]:
    """Everything of `user`, in the members `submissions`, `drafts` and `solutions_seen`."""
    rows: dict[str, QuerySet[Submission] | QuerySet[Draft] | QuerySet[Reveal]] = {
        "submissions": Submission.objects.for_user(user),
        "drafts": Draft.objects.filter(user_id=user.pk),
        "solutions_seen": Reveal.objects.filter(user_id=user.pk),
    }
    return {
        name: [{"lab": row.lab.slug} | values_of(row) for row in found.select_related("lab").order_by("pk")]
        for name, found in rows.items()
    }
