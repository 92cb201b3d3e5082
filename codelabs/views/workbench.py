"""The workbench: the statement beside the editor, its draft, and what is sent to be graded."""

from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST, require_safe

from codelabs import submitting
from codelabs.availability import warm_up, why_unavailable
from codelabs.content.lab import GIVEN
from codelabs.forms import SCRATCH_CHARACTERS, AttemptForm, CodeForm, DraftForm
from codelabs.models import Draft, Lab, Submission
from codelabs.tasks import prepare_for
from codelabs.views import stream
from codelabs.views.access import is_of_another_account, may_submit, own_submissions, reachable_lab, visible_lab
from codelabs.views.listing import STANDING_CHIPS
from codelabs.views.result import result_context, words_of
from prepsite.lib.requests import LearnerRequest, SiteRequest

WAIT = "Many attempts without an account came from your network. Please wait a minute and try again."
VISITORS_WAIT_SECONDS = 30
OTHER_ACCOUNT = "Another account is signed in in this browser now."
PUT_ASIDE = "X-Draft-Put-Aside"  # whether another text than the page knew was the draft, and is kept beside it


@require_safe
def lab(request: SiteRequest, slug: str) -> HttpResponse:
    chosen = reachable_lab(request, slug)
    if may_submit(request, chosen):
        warm_up(chosen)
        prepare_for(chosen)
    return render(request, "codelabs/lab.html", _bench(request, chosen) | _opening(request, chosen))


@require_POST
def submit(request: SiteRequest, slug: str) -> HttpResponseBase:
    """Take an attempt. The workbench's script watches it being graded; without it the attempt's page comes back."""
    chosen = visible_lab(request, slug)
    if not may_submit(request, chosen):
        return stream.sign_in(request, chosen)
    form = AttemptForm(request.POST)
    if not form.is_valid():
        return _refuse(request, chosen, form.refusal)
    if is_of_another_account(request, form.cleaned_data["owner"]):
        if not request.user.is_authenticated:
            return stream.sign_in(request, chosen)
        return _refuse(request, chosen, f"{OTHER_ACCOUNT} Load the page again to go on with it.")
    # Before a session is begun: whoever drops the cookie is a new visitor each time, but comes from the same address.
    if not request.user.is_authenticated and not ratelimit.consume(request, action="try_lab"):
        return _refuse(request, chosen, WAIT, VISITORS_WAIT_SECONDS)
    source, kind, at = form.cleaned_data["source"], form.cleaned_data["kind"], timezone.now()
    overtook = request.user.is_authenticated and _keep(request.user, chosen, form, at)
    if reason := why_unavailable(chosen.runtime):
        return _refuse(request, chosen, f"This lab cannot run on this host. {reason} Your code is kept.")
    accept = submitting.accept_live if stream.is_wanted(request) else submitting.accept
    beside = {"scratch": form.cleaned_data["scratch"], "hints": form.cleaned_data["hints"] or 0}
    try:
        taken = accept(_owner(request), chosen, source, kind, at, **beside)
    except submitting.Refused as refusal:
        return _refuse(request, chosen, str(refusal), refusal.wait_seconds)
    if isinstance(taken, submitting.Live):
        response = stream.watch(request, taken)
        response.headers[PUT_ASIDE] = "1" if overtook else "0"
        return response
    return redirect(taken)


@login_required
@require_POST
def draft(request: LearnerRequest, slug: str) -> HttpResponse:
    chosen = visible_lab(request, slug)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": form.refusal}, status=422)
    if is_of_another_account(request, form.cleaned_data["owner"]):
        return JsonResponse({"error": OTHER_ACCOUNT}, status=409)
    at = timezone.now()
    put_aside = _keep(request.user, chosen, form, at)
    return JsonResponse({"saved_at": at.isoformat(), "put_aside": put_aside})


@login_required
@require_POST
def begin_again(request: LearnerRequest, slug: str) -> HttpResponse:
    """The starter into the editor; what was there is kept aside."""
    chosen = visible_lab(request, slug)
    if is_of_another_account(request, request.POST.get("owner", "")):
        return redirect(chosen)
    Draft.objects.begin_again(request.user, chosen, chosen.file("starter.py"), timezone.now())
    return redirect(chosen)


def _keep(user: AbstractBaseUser, chosen: Lab, form: CodeForm, at: datetime) -> bool:
    """Make what was sent the draft. Whether another text was put aside for it."""
    source = form.cleaned_data["source"]
    return Draft.objects.keep(user, chosen, source, at, scratch=form.scratch_sent, base=form.base_sent)


def _owner(request: SiteRequest) -> AbstractBaseUser | str:
    """The learner, or the key of the visitor's session, which is begun for them if there is none yet."""
    if request.user.is_authenticated:
        return request.user
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)


def _refuse(request: SiteRequest, chosen: Lab, sentence: str, wait_seconds: int | None = None) -> HttpResponse:
    """Say beside the editor why nothing was run; without JavaScript the page comes back with the text that was sent."""
    if stream.is_wanted(request):
        return stream.refusal(sentence, wait_seconds)
    sent = {"source": request.POST.get("source", ""), "scratch": request.POST.get("scratch", ""), "refusal": sentence}
    status = 422 if wait_seconds is None else 429
    response = render(request, "codelabs/lab.html", _bench(request, chosen) | sent, status=status)
    if wait_seconds is not None:
        response.headers["Retry-After"] = str(wait_seconds)
    return response


def _bench(request: SiteRequest, chosen: Lab) -> dict[str, Any]:
    """What the page shows besides the text in the editor."""
    attempts = own_submissions(request).filter(lab=chosen)
    latest = attempts.select_related("lab").with_after_reveal().first()
    standing = attempts.standings().get(chosen.pk)
    files = dict(chosen.files.filter(path__in=("starter.py", GIVEN)).values_list("path", "text"))
    return {
        "section": "labs",
        "lab": chosen,
        "topic_words": words_of(chosen.topic),
        "questions": [(question, words_of(question)) for question in chosen.questions],
        "prerequisites": Lab.objects.published().filter(slug__in=chosen.prerequisites).only("slug", "title"),
        "starter": files.get("starter.py", ""),
        "given": files.get(GIVEN, ""),
        "standing": standing,
        "standing_chip": standing and STANDING_CHIPS[standing],
        "attempts": attempts.count(),
        "may_submit": may_submit(request, chosen),
        "scratch_characters": SCRATCH_CHARACTERS,
        "max_source_bytes": submitting.MAX_SOURCE_BYTES,
        "memory": _memory(request, chosen),
        "unavailable": why_unavailable(chosen.runtime),
    } | (result_context(latest) if latest else {})


def _memory(request: SiteRequest, chosen: Lab) -> dict[str, Any]:
    """Whether the lab is due to be written again, which only the bridge can say."""
    if not request.user.is_authenticated:
        return {}
    said: dict[str, Any] = import_string(settings.LAB_MEMORY)(request.user, chosen.slug, timezone.now())
    return said


def _opening(request: SiteRequest, chosen: Lab) -> dict[str, Any]:
    """The text in the editor: an earlier attempt or the starter if asked for, else the draft, else the starter.

    Opening something old writes nothing: the draft stays until the learner changes the text.
    """
    wanted = request.GET.get("restore", "")
    wanted_aside = wanted == "aside" and request.user.is_authenticated
    if wanted == "starter":
        return {"source": chosen.file("starter.py"), "restored": "the starter"}
    if wanted and not wanted_aside:
        try:
            attempt = own_submissions(request).filter(lab=chosen).get(uuid=wanted)
        except (Submission.DoesNotExist, ValidationError) as missing:
            raise Http404 from missing
        return {"source": attempt.source, "restored": "an earlier attempt", "restored_at": attempt.created_at}
    if request.user.is_authenticated:
        draft = Draft.objects.filter(user=request.user, lab=chosen).first()
        if draft and draft.aside and wanted_aside:
            return {"source": draft.aside, "scratch": draft.scratch, "restored": "the text that was put aside"}
        if draft:
            return {
                "source": draft.source,
                "scratch": draft.scratch,
                "saved_at": draft.saved_at,
                "has_aside": bool(draft.aside) and draft.aside != draft.source,
            }
    else:
        latest = own_submissions(request).filter(lab=chosen).first()
        if latest:
            return {"source": latest.source, "scratch": latest.scratch}
    return {"source": chosen.file("starter.py")}
