"""Who may see and do what with labs. One function fetches and permits at once."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django_htmx.http import HttpResponseClientRedirect

from codelabs.models import Lab, Submission
from codelabs.models.submission import SubmissionQuerySet
from prepsite.lib.requests import SiteRequest
from prepsite.lib.versioned import Status


def visible_lab(request: SiteRequest, slug: str) -> Lab:
    """The published lab, or for staff any lab; otherwise Http404."""
    labs = Lab.objects.all() if request.user.is_staff else Lab.objects.published()
    return get_object_or_404(labs, slug=slug)


def reachable_lab(request: SiteRequest, slug: str) -> Lab:
    """As `visible_lab`, and a retired lab too for somebody who has worked on it: their history stays theirs."""
    lab = get_object_or_404(Lab, slug=slug)
    if lab.status == Status.PUBLISHED or request.user.is_staff or own_submissions(request).filter(lab=lab).exists():
        return lab
    return get_object_or_404(Lab.objects.none())


def may_submit(request: SiteRequest, lab: Lab) -> bool:
    """Learners may run and submit every lab, visitors the one that is there to be tried."""
    return request.user.is_authenticated or lab.slug == settings.TRIAL_LAB


def is_of_another_account(request: SiteRequest, owner: str) -> bool:
    """Whether a page that was opened by the account `owner` (its key, empty for a visitor) sends this for another one.

    Signing out and in again in another tab leaves such pages open.
    """
    return bool(owner) and owner != str(request.user.pk)


def own_submissions(request: SiteRequest) -> SubmissionQuerySet:
    """The submissions of whoever asks, and nobody else's."""
    if request.user.is_authenticated:
        return Submission.objects.for_user(request.user)
    return Submission.objects.for_visitor(request.session.session_key or "")


def to_sign_in(request: SiteRequest, lab: Lab) -> HttpResponse:
    """To the sign-in page, and from there back to the lab."""
    response = redirect_to_login(lab.get_absolute_url())
    return HttpResponseClientRedirect(response.url) if request.htmx else response
