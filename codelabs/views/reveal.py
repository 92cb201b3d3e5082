"""The model solution: shown when asked for, after saying what that costs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from codelabs.models import Reveal, Standing
from codelabs.views.access import own_submissions, visible_lab
from prepsite.lib import markdown
from prepsite.lib.requests import LearnerRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def solution(request: LearnerRequest, slug: str) -> HttpResponse:
    """GET says what seeing it costs, or shows it once it has been revealed; only POST reveals."""
    lab = visible_lab(request, slug)
    if request.method == "POST":
        Reveal.objects.record(request.user, lab, timezone.now())
        return redirect("codelabs:solution", slug=lab.slug)
    reveal = Reveal.objects.filter(user=request.user, lab=lab).first()
    standing = own_submissions(request).filter(lab=lab).standings().get(lab.pk, Standing.NEW)
    context = {
        "section": "labs",
        "lab": lab,
        "reveal": reveal,
        "passed": standing == Standing.PASSED,
        "tried": standing != Standing.NEW,
        "solution_html": markdown.render(f"~~~~~~ python\n{lab.file('solution.py')}\n~~~~~~").html if reveal else "",
    }
    return render(request, "codelabs/solution.html", context)
