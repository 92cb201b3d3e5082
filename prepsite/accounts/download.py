"""The file a learner downloads: everything the site knows about them, in one JSON object.

Format 1: `format`, `made_at`, `profile`, and one member for each part of the site in `settings.LEARNER_DATA`.
Instants are ISO 8601 in UTC, durations say their unit in the name. docs/operations.md describes the members.
"""

import datetime as dt
from typing import Any

from prepsite.accounts.models import User

FORMAT = "prepsite learner data 1"


def learner_data(user: User, parts: dict[str, Any], made_at: dt.datetime) -> dict[str, Any]:
    """The whole file as one object. `parts` are the other apps' members by name."""
    return {"format": FORMAT, "made_at": made_at, "profile": _profile(user)} | parts


def _profile(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "zone": user.zone,
        "day_start_hour": user.day_start_hour,
        "joined_at": user.date_joined,
        "last_sign_in_at": user.last_login,
    }
