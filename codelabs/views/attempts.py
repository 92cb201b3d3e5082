"""Attempts: one with its result, and a lab's history with what changed between any two."""

import uuid as uuids

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from codelabs import revision, submitting
from codelabs.models import Submission
from codelabs.models.submission import SubmissionQuerySet
from codelabs.views import stream
from codelabs.views.access import may_submit, own_submissions, reachable_lab, to_sign_in
from codelabs.views.result import result_context, source_lines, verdict_words
from prepsite.lib.requests import SiteRequest

SHOWN_AT_MOST = 200
LINES_AT_MOST = 2_000  # of a comparison: more make a page of megabytes


@require_safe
def submission(request: SiteRequest, uuid: uuids.UUID) -> HttpResponse:
    """One attempt of one's own."""
    found = _own(request, uuid)
    context = result_context(found)
    page = {"section": "labs", "lab": found.lab, "lines": source_lines(found, context["report"])}
    return render(request, "codelabs/submission.html", context | page)


@require_safe
def news(request: SiteRequest, uuid: uuids.UUID) -> HttpResponse:
    """What is new of one's own attempt for somebody who has been shown the first `seen` cases."""
    seen = request.GET.get("seen", "0")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 6):
        raise BadRequest("How many cases have been shown is a whole number.")
    return stream.news(request, _own(request, uuid), int(seen))


def _own(request: SiteRequest, uuid: uuids.UUID) -> Submission:
    """The attempt, ended if its grader died; otherwise Http404."""
    found = get_object_or_404(own_submissions(request).select_related("lab").with_after_reveal(), uuid=uuid)
    if submitting.end_lost(found, timezone.now()):
        found.refresh_from_db()
    return found


@require_safe
def history(request: SiteRequest, slug: str) -> HttpResponse:
    lab = reachable_lab(request, slug)
    if not may_submit(request, lab):
        return to_sign_in(request, lab)
    own = own_submissions(request).filter(lab=lab)
    attempts = list(own.with_after_reveal()[:SHOWN_AT_MOST])
    before = _chosen(own, request.GET.get("before", ""))
    after = _chosen(own, request.GET.get("after", ""))
    lines = revision.compare(before.source, after.source) if before and after else None
    context = {
        "section": "labs",
        "lab": lab,
        "attempts": [(attempt, *verdict_words(attempt.verdict)) for attempt in attempts],
        "before": before or (attempts[1] if len(attempts) > 1 else None),
        "after": after or (attempts[0] if attempts else None),
        "lines": lines and lines[:LINES_AT_MOST],
        "lines_left_out": max(0, len(lines or ()) - LINES_AT_MOST),
    }
    return render(request, "codelabs/history.html", context)


def _chosen(own: SubmissionQuerySet, uuid: str) -> Submission | None:
    """The attempt that the address asks for, or None if it asks for none; Http404 if it is not one's own."""
    if not uuid:
        return None
    try:
        return own.get(uuid=uuid)
    except (Submission.DoesNotExist, ValidationError) as missing:
        raise Http404 from missing
