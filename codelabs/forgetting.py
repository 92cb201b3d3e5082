"""What people without an account sent: kept while they may come back to it, and then removed."""

from datetime import datetime

from codelabs.models import Submission


def forget_visitors(before: datetime) -> int:
    """Remove every visitor's submissions from before then, and return how many. Those of learners stay."""
    return Submission.objects.of_visitors().filter(created_at__lt=before).delete()[0]
