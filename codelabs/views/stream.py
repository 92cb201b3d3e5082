"""A grading as it is watched: one line of JSON for each piece of news, sent while the cases are still being marked.

The first line, {"part": "taken", "news"}, says that the attempt is safely stored and where to ask for its news. It has
nothing to show: most verdicts are there before anybody could read that one is being worked on. The others hold what to
show: {"part": "panel", "html"} is the whole of the result, {"part": "case", "html"} one more case for it,
{"part": "headline"} words alone. Where this process grades, the answer to the attempt itself is the stream; where a
queue does, the script asks again for what is new since the cases that it has shown.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import reverse

from codelabs.models import Lab, Submission
from codelabs.submitting import Live
from codelabs.views.access import to_sign_in
from codelabs.views.result import case_rows, error_lines, headline, result_context
from prepsite.lib.requests import SiteRequest

LINES = "application/x-ndjson"


def is_wanted(request: SiteRequest) -> bool:
    """Whether it is the script that asks."""
    return LINES in request.headers.get("Accept", "")


def watch(request: SiteRequest, live: Live) -> HttpResponseBase:
    """The grading from its first line to its last."""
    return StreamingHttpResponse(_Lines(request, live), headers=_HEADERS)


def news(request: SiteRequest, submission: Submission, seen: int) -> HttpResponse:
    """What is new for somebody who has been shown `seen` cases: at once, and nothing else if that is nothing."""
    if submission.status == Submission.Status.FINISHED:
        lines = [_panel(request, submission)]
    else:
        lines = [_case(submission, place) for place in range(seen, len(submission.result.get("cases", [])))]
        lines.append(_headline(submission))
    return HttpResponse("".join(lines), headers=_HEADERS)


def refusal(sentence: str, wait_seconds: int | None) -> HttpResponse:
    """Nothing was run; with `wait_seconds` the same may be taken after that time."""
    if wait_seconds is None:
        return JsonResponse({"refusal": sentence}, status=422)
    said = {"refusal": sentence, "wait_seconds": wait_seconds}
    return JsonResponse(said, status=429, headers={"Retry-After": str(wait_seconds)})


def sign_in(request: SiteRequest, lab: Lab) -> HttpResponse:
    """To the sign-in page, and back to the lab. A script cannot follow a redirect to a page, so it is told where."""
    if is_wanted(request):
        return JsonResponse({"sign_in": resolve_url("account_login") + f"?next={lab.get_absolute_url()}"}, status=401)
    return to_sign_in(request, lab)


# A proxy that collects the answer before passing it on would make a stream of nothing.
_HEADERS = {"Content-Type": LINES, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class _Lines:
    """The lines of a live grading. Closed early, as by a browser that has gone, the grading still comes to its end."""

    def __init__(self, request: SiteRequest, live: Live) -> None:
        self._request, self._live = request, live

    def __iter__(self) -> Iterator[str]:
        taken = self._live.submission
        yield _line("taken", news=reverse("codelabs:news", args=[taken.uuid]), headline=headline(taken))
        shown = 0
        for submission in self._live:
            if submission.status == Submission.Status.FINISHED:
                yield _panel(self._request, submission)
            else:
                cases = len(submission.result["cases"])
                yield "".join(_case(submission, place) for place in range(shown, cases))
                shown = cases

    def close(self) -> None:
        self._live.close()


def _line(part: str, **said: Any) -> str:
    return json.dumps({"part": part} | said) + "\n"


def _panel(request: SiteRequest, submission: Submission) -> str:
    """The whole result of a finished attempt."""
    context = result_context(submission)
    html = render_to_string("codelabs/_result.html", context, request)
    return _line("panel", html=html, headline=context["report"].headline)


def _case(submission: Submission, place: int) -> str:
    rows = case_rows(submission)
    html = render_to_string("codelabs/_cases.html", {"cases": rows[place : place + 1]}).strip()
    return _line("case", html=html, headline=headline(submission), error_lines=error_lines(rows))


def _headline(submission: Submission) -> str:
    return _line("headline", headline=headline(submission))
