"""Which deployment this is: a name that changes whenever a file that devices keep has changed."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import signing
from django.db.models import Model

_TEMPLATES = Path(__file__).parent.parent / "templates/offline"


@cache
def release() -> str:
    """Ten letters from the static files' names, which hold their checksums, and the texts of the stand-in page."""
    digest = hashlib.sha256(str(getattr(staticfiles_storage, "manifest_hash", "")).encode())
    for path in sorted(_TEMPLATES.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def device_key(user: Model) -> str:
    """What a device calls a learner: the same on every visit, and nothing that means anything elsewhere."""
    return signing.Signer(salt="prepsite.offline").signature(str(user.pk))[:16]
