"""Cards that leave for other programs, and cards that come from there: looked at first, then taken in."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import own_media
from quizzes.card_log import StaleCard
from quizzes.exchange import incoming, spreadsheet
from quizzes.exchange.anki.export import Wanted, export
from quizzes.exchange.anki.reading import read as read_package
from quizzes.exchange.carrying_out import carry_out
from quizzes.exchange.incoming import Plan
from quizzes.exchange.spreadsheet import BadFile
from quizzes.own_cards import TooMany
from quizzes.own_media import TooMuch
from quizzes.scheduling import StudyClock

LARGEST_BYTES = 64_000_000
KEPT_SECONDS = 3600  # between looking and taking in
SHOWN = 50  # cards, and problems
KINDS = (".csv", ".json", ".apkg", ".colpkg")
BUSY = "One of these cards was reviewed at this very moment. Nothing was changed; choose the file again, please."
GONE = (
    "This file was looked at too long ago, before another one, or on another server. Choose it again, please. "
    "Nothing was changed."
)


class BringForm(forms.Form):
    file = forms.FileField(error_messages={"required": "Choose a file first.", "empty": "This file is empty."})

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(KINDS):
            raise forms.ValidationError(f"Only files that end in {', '.join(KINDS)} can be read here.")
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(
                f"This file is larger than {LARGEST_BYTES // 1_000_000} MB. Export it without media, or in parts."
            )
        return file


@login_required
@require_safe
@never_cache
def anki_out(request: LearnerRequest) -> FileResponse:
    """The learner's cards as an Anki package; `?unmet=1` adds those not met yet."""
    now = timezone.now()
    wanted = Wanted(settings.SITE_NAME, request.build_absolute_uri("/"), unmet="unmet" in request.GET)
    clock = _clock(request)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        export(request.user, clock, now, wanted, path)
        # The open file outlives its name: nothing is left behind when the download ends or breaks off.
        name = f"{slugify(settings.SITE_NAME)}-{clock.day(now):%Y-%m-%d}.apkg"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@login_required
@require_safe
@never_cache
def table_out(request: LearnerRequest, name: str) -> StreamingHttpResponse:
    """cards.csv, reviews.csv or cards.json, row by row."""
    texts: dict[str, tuple[str, Iterator[str]]] = {
        "cards.csv": (
            "text/csv",
            spreadsheet.as_csv(spreadsheet.CARD_COLUMNS + spreadsheet.SEEN_COLUMNS, spreadsheet.cards(request.user)),
        ),
        "reviews.csv": ("text/csv", spreadsheet.as_csv(spreadsheet.REVIEW_COLUMNS, spreadsheet.reviews(request.user))),
        "cards.json": ("application/json", spreadsheet.as_json(request.user)),
    }
    if name not in texts:
        raise Http404
    kind, text = texts[name]
    response = StreamingHttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
@never_cache
def bring(request: LearnerRequest) -> HttpResponse:
    """Look at a file: what would be new, changed and unchanged, and every problem. Nothing is changed yet."""
    form = BringForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    file = form.cleaned_data["file"]
    data = file.read()
    try:
        with _planned(request, file.name, data) as made:
            pass
    except BadFile as error:
        return _refused(request, str(error))
    token = uuid.uuid4().hex
    # One file a learner: the next one takes its place, so that nobody fills the cache.
    cache.set(_key(request), (token, file.name, data), KEPT_SECONDS)
    return _page(request, {"plan": made, "name": file.name, "token": token, "done": False})


@login_required
@require_POST
@never_cache
def take(request: LearnerRequest) -> HttpResponse:
    """Take in what was looked at. The plan is made anew: what happened meanwhile counts."""
    token, name, data = cache.get(_key(request)) or ("", "", b"")
    if not token or token != request.POST.get("token"):
        return _refused(request, GONE)
    try:
        with _planned(request, name, data) as made:
            carry_out(request.user, made, timezone.now(), _clock(request))
    except (BadFile, TooMany, TooMuch) as error:
        return _refused(request, f"{error} Nothing was changed.")
    except StaleCard:
        return _refused(request, BUSY)
    cache.delete(_key(request))
    return _page(request, {"plan": made, "name": name, "done": True})


@contextmanager
def _planned(request: LearnerRequest, name: str, data: bytes) -> Iterator[Plan]:
    """What the file would do. Pictures and sounds lie unpacked in a folder until this ends."""
    with tempfile.TemporaryDirectory() as folder:
        if name.lower().endswith((".csv", ".json")):
            found, problems = spreadsheet.read(name, data)
            yield incoming.plan(request.user, found, problems, timezone.now())
            return
        path = Path(folder) / "package"
        path.write_bytes(data)
        with path.open("rb") as file:
            told = read_package(file, Path(folder), own_media.addresses(request.user))
        yield incoming.plan(request.user, told.cards, told.problems, timezone.now(), told.media)


def _page(request: LearnerRequest, told: dict[str, Any]) -> HttpResponse:
    made: Plan = told["plan"]
    moving = [step for step in made.steps if step.change != incoming.Change.UNCHANGED or step.ratings]
    told |= {
        "section": "account",
        "media_new": own_media.in_words(made.media_bytes),
        "media_held": own_media.in_words(own_media.held(request.user)[0]),
        "media_most": f"{own_media.LARGEST_ALL_BYTES // 1_000_000} MB",
        "shown": moving[:SHOWN],
        "more": max(0, len(moving) - SHOWN),
        "problems": made.problems[:SHOWN],
        "more_problems": max(0, len(made.problems) - SHOWN),
    }
    return render(request, "quizzes/incoming.html", told)


def _refused(request: LearnerRequest, why: str) -> HttpResponse:
    return render(request, "quizzes/incoming.html", {"section": "account", "refused": why}, status=400)


def _key(request: LearnerRequest) -> str:
    return f"incoming/{request.user.pk}"


def _clock(request: LearnerRequest) -> StudyClock:
    return StudyClock(request.user.zone, request.user.day_start_hour)
