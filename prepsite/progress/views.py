"""The page of pictures, and each one's numbers as a file."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from prepsite import study
from prepsite.lib.requests import LearnerRequest
from prepsite.progress.album import FIT, Album


@login_required
@require_safe
def progress(request: LearnerRequest) -> HttpResponse:
    album = _album(request)
    pictures = [album.picture(name) for name in Album.NAMES]
    context = {
        "section": "progress",
        "pictures": pictures,
        "to_come": [picture for picture in pictures if picture.is_empty],
        "day": album.today,
        "fit": album.fit,
        "fit_picture": album.picture(FIT) if album.fit.finding else None,
    }
    return render(request, "progress/progress.html", context)


@login_required
@require_safe
def numbers(request: LearnerRequest, name: str) -> HttpResponse:
    """The table behind a picture as CSV."""
    if name not in (*Album.NAMES, FIT):
        raise Http404
    album = _album(request)
    picture = album.picture(name)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{album.today}.csv"'
    writer = csv.writer(response)
    writer.writerow(picture.columns)
    writer.writerows(picture.rows)
    return response


def _album(request: LearnerRequest) -> Album:
    return Album(request.user, timezone.now(), study.clock_of(request.user))
