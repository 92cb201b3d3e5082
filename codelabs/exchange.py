"""What one learner wrote in the labs, for the file they download: plain values, nothing left out.

Labs are named by their slug and the version that was graded; `result` is what `manage.py grade --json` prints.
"""

from typing import Any

from django.db.models import Model

from codelabs.models import Draft, Reveal, Submission

_SUBMISSION = [
    "uuid",
    "lab_version",
    "kind",
    "source",
    "status",
    "verdict",
    "passed",
    "total",
    "misconception",
    "result",
    "created_at",
    "started_at",
    "finished_at",
]


def export_for(user: Model) -> dict[str, Any]:
    """Everything of `user`, in the members `submissions`, `drafts` and `solutions_seen`."""
    return {
        "submissions": [
            {"lab": row.lab.slug} | {name: getattr(row, name) for name in _SUBMISSION}
            for row in Submission.objects.for_user(user).select_related("lab").order_by("pk")
        ],
        "drafts": [
            {"lab": row.lab.slug, "source": row.source, "saved_at": row.saved_at}
            for row in Draft.objects.filter(user_id=user.pk).select_related("lab").order_by("pk")
        ],
        "solutions_seen": [
            {"lab": row.lab.slug, "revealed_at": row.revealed_at}
            for row in Reveal.objects.filter(user_id=user.pk).select_related("lab").order_by("pk")
        ],
    }
