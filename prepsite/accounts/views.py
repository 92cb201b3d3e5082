"""One's own settings, data and departure."""

import tempfile
from typing import Any

from allauth.core import ratelimit
from django.conf import settings as site_settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from prepsite.accounts import download, restoring
from prepsite.accounts.forms import ArchiveForm, DeleteForm, SettingsForm
from prepsite.lib.requests import LearnerRequest

IN_MEMORY_BYTES = 5_000_000
WAIT = "Too many wrong passwords. Please wait a minute and try again."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def settings(request: LearnerRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"section": "account", "form": form})


@login_required
@require_safe
@never_cache
def export(request: LearnerRequest) -> FileResponse:
    """Everything of the learner, as an archive that another site takes in."""
    at = timezone.now()
    # On disk from a certain size on, and gone with the response.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115
    download.write(file, request.user, _parts(), at)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"my-data-{at:%Y-%m-%d}.zip", content_type="application/zip")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def restore(request: LearnerRequest) -> HttpResponse:
    """Where data comes in and goes out; a post takes an archive of this site's own form in."""
    context: dict[str, Any] = {"section": "account", "form": ArchiveForm()}
    if request.method != "POST":
        return render(request, "accounts/in_and_out.html", context)
    form = ArchiveForm(request.POST, request.FILES)
    context["form"] = form
    if form.is_valid():
        try:
            context["report"] = restoring.restore(form.cleaned_data["archive"], request.user, _parts())
        except restoring.BadArchive as refusal:
            form.add_error("archive", str(refusal))
    return render(request, "accounts/in_and_out.html", context, status=200 if form.is_valid() else 400)


def _parts() -> download.Parts:
    return {name: import_string(path) for name, path in site_settings.LEARNER_DATA.items()}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def delete(request: LearnerRequest) -> HttpResponse:
    form = DeleteForm(request.POST or None, user=request.user)
    if request.method != "POST":
        return render(request, "accounts/delete.html", {"section": "account", "form": form})
    # Counted like any other confirmation by password, so that an open session is no way to guess it.
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error(None, WAIT)
        return render(request, "accounts/delete.html", {"section": "account", "form": form}, status=429)
    if not form.is_valid():
        return render(request, "accounts/delete.html", {"section": "account", "form": form})
    request.user.delete()
    logout(request)
    messages.success(request, "Your account and everything that belonged to it are deleted.")
    return redirect("home")
