"""The archive of a learner: everything the site knows about them, as a zip of JSON.

Format 2: `manifest.json` says what it is and how many rows each table has, `profile.json` who they are, and
`<part>/<table>.jsonl` holds a table, one JSON object a line. Instants are ISO 8601 in UTC, durations say their unit in
the name. docs/operations.md describes the tables. Rows are written as they are read: a large account needs no more
memory than a small one.
"""

import datetime as dt
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from prepsite.accounts.models import User
from prepsite.lib.travel import Table, Values, leaving

FORMAT = "prepsite learner data 2"
Parts = Mapping[str, Iterable[Table]]


class _Encoder(DjangoJSONEncoder):
    """As Django writes JSON, but with instants to the microsecond, so that they come back as they were."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


def write(file: IO[bytes], user: User, parts: Parts, made_at: dt.datetime) -> None:
    """Write the archive. `parts` are the apps' tables by the name of the app."""
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, tables in parts.items():
            for table in tables:
                name = f"{part}/{table.name}"
                counts[name] = 0
                with archive.open(f"{name}.jsonl", "w", force_zip64=True) as lines:
                    for values in leaving(table, user):
                        lines.write(_line(values))
                        counts[name] += 1
        archive.writestr("profile.json", _line(profile(user)))
        archive.writestr("manifest.json", _line({"format": FORMAT, "made_at": made_at, "rows": counts}))


def profile(user: User) -> Values:
    return {
        "email": user.email,
        "zone": user.zone,
        "day_start_hour": user.day_start_hour,
        "joined_at": user.date_joined,
        "last_sign_in_at": user.last_login,
    }


def _line(values: Values) -> bytes:
    return json.dumps(values, cls=_Encoder, ensure_ascii=False).encode() + b"\n"
