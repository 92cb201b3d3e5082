"""Cards that leave for other programs, and cards that come from there."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes.exchange.anki.export import Wanted, export
from quizzes.scheduling import StudyClock


@login_required
@require_safe
@never_cache
def anki_out(request: LearnerRequest) -> FileResponse:
    """The learner's cards as an Anki package; `?unmet=1` adds those not met yet."""
    now = timezone.now()
    wanted = Wanted(settings.SITE_NAME, request.build_absolute_uri("/"), unmet="unmet" in request.GET)
    clock = StudyClock(request.user.zone, request.user.day_start_hour)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        export(request.user, clock, now, wanted, path)
        # The open file outlives its name: nothing is left behind when the download ends or breaks off.
        name = f"{slugify(settings.SITE_NAME)}-{clock.day(now):%Y-%m-%d}.apkg"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
