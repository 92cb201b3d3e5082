"""A learner's pictures and sounds, served to nobody else."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from prepsite.lib import media
from quizzes.models import MediaFile

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
KEPT_SECONDS = 31_536_000  # a year: the address says what the file holds


@require_safe
@cache_control(private=True, max_age=KEPT_SECONDS, immutable=True)
def file(request: HttpRequest, name: str) -> HttpResponse:
    """The file of this address if it is the learner's own; for anybody else there is none."""
    asked = media.ADDRESS.fullmatch(f"{media.PREFIX}{name}")
    if asked is None or not request.user.is_authenticated:
        raise Http404
    row = MediaFile.objects.filter(owner=request.user.pk, sha256=asked["sha256"], extension=asked["extension"]).first()
    if row is None:
        raise Http404
    return _told(request, row.kind.content_type, bytes(row.data))


def _told(request: HttpRequest, content_type: str, data: bytes) -> HttpResponse:
    """The whole, or the part that a player asks for when somebody jumps within a sound (RFC 9110, 14)."""
    start, end = 0, len(data) - 1
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    partial = asked is not None and asked[0] != "bytes=-"
    if asked is not None and partial:
        first, last = asked[1], asked[2]
        start = int(first) if first else max(0, len(data) - int(last))
        end = min(int(last), end) if first and last else end
        if start > end:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{len(data)}"
            return response
    response = HttpResponse(data[start : end + 1], content_type=content_type, status=206 if partial else 200)
    if partial:
        response["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
