"""Attempts: one with its result, and a lab's history with what changed between any two."""

import uuid as uuids

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from codelabs import revision, submitting
from codelabs.models import Submission
from codelabs.models.submission import SubmissionQuerySet
from codelabs.views.access import may_submit, own_submissions, reachable_lab, to_sign_in
from codelabs.views.result import result_context, source_lines, verdict_words
from prepsite.lib.requests import SiteRequest

SHOWN_AT_MOST = 200


@require_safe
def submission(request: SiteRequest, uuid: uuids.UUID) -> HttpResponse:
    """One attempt of one's own. While the workbench waits for the verdict it asks for the part of the page that holds
    it, naming the status that it shows; with no news there is nothing to redraw or to announce."""
    found = get_object_or_404(own_submissions(request).select_related("lab").with_after_reveal(), uuid=uuid)
    if submitting.end_lost(found, timezone.now()):
        found.refresh_from_db()
    if request.htmx and request.GET.get("seen") == found.status != Submission.Status.FINISHED:
        return HttpResponse(status=204)
    context = result_context(found)
    if request.htmx:
        return render(request, "codelabs/_result.html", context | {"said": True})
    page = {"section": "labs", "lab": found.lab, "lines": source_lines(found, context["report"])}
    return render(request, "codelabs/submission.html", context | page)


@require_safe
def history(request: SiteRequest, slug: str) -> HttpResponse:
    lab = reachable_lab(request, slug)
    if not may_submit(request, lab):
        return to_sign_in(request, lab)
    own = own_submissions(request).filter(lab=lab)
    attempts = list(own.with_after_reveal()[:SHOWN_AT_MOST])
    before = _chosen(own, request.GET.get("before", ""))
    after = _chosen(own, request.GET.get("after", ""))
    context = {
        "section": "labs",
        "lab": lab,
        "attempts": [(attempt, *verdict_words(attempt.verdict)) for attempt in attempts],
        "before": before or (attempts[1] if len(attempts) > 1 else None),
        "after": after or (attempts[0] if attempts else None),
        "lines": revision.compare(before.source, after.source) if before and after else None,
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
