"""One's own settings, data and departure."""

from allauth.core import ratelimit
from django.conf import settings as site_settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from prepsite.accounts import download
from prepsite.accounts.forms import DeleteForm, SettingsForm
from prepsite.lib.requests import LearnerRequest

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
def export(request: LearnerRequest) -> HttpResponse:
    at = timezone.now()
    parts = {name: import_string(path)(request.user) for name, path in site_settings.LEARNER_DATA.items()}
    response = JsonResponse(
        download.learner_data(request.user, parts, at), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = f'attachment; filename="my-data-{at:%Y-%m-%d}.json"'
    return response


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
