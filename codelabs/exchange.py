"""What one learner wrote in the labs, as tables that travel: nothing left out.

Labs are named by their slug and the version that was graded; `result` is what `manage.py grade --json` prints.
"""

from django.db.models import Model, QuerySet

from codelabs.models import Draft, Reveal, Submission
from prepsite.lib.markdown import sanitise
from prepsite.lib.travel import Table


def _submissions(user: Model) -> QuerySet[Submission]:
    return Submission.objects.for_user(user)


def _drafts(user: Model) -> QuerySet[Draft]:
    return Draft.objects.filter(user_id=user.pk)


def _reveals(user: Model) -> QuerySet[Reveal]:
    return Reveal.objects.filter(user_id=user.pk)


def _harmless(row: Submission) -> None:
    """Pages print what a diagnosis says as HTML, and this one was made elsewhere."""
    diagnosis = row.result.get("diagnosis") if isinstance(row.result, dict) else None
    if isinstance(diagnosis, dict):
        for name, text in diagnosis.items():
            diagnosis[name] = sanitise(str(text)) if name in ("says", "why") else text


TABLES = (
    Table("submissions", Submission, _submissions, {"lab": "slug"}, complete=_harmless),
    Table("drafts", Draft, _drafts, {"lab": "slug"}, identity=("lab",)),
    Table("solutions_seen", Reveal, _reveals, {"lab": "slug"}, identity=("lab",)),
)
