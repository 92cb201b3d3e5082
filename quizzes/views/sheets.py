"""What the pages of single questions and of quizzes share: an item's sheet, and how a refusal is told."""

import re
import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string

from quizzes.asked import Asked, LabLink
from quizzes.models import SessionItem
from quizzes.sheet import Sheet

ALREADY = "This question already had your answer; the first one counts and nothing was changed."


def sheet_of(mine: SessionItem, asked: Asked, *, draft: dict[str, Any] | None = None) -> Sheet:
    """The item's sheet; `draft` is what was just sent and could not be kept, shown again so that nothing is lost."""
    if not mine.committed:
        return Sheet(asked, mine.seed, draft if draft is not None else mine.draft)
    return Sheet(
        asked,
        mine.seed,
        mine.answer or {},
        committed=True,
        late=mine.late,
        score=mine.score,
        ticks=None if mine.ticks is None else tuple(mine.ticks),
        found=mine.marking,
    )


def wants_json(request: HttpRequest) -> bool:
    """Whether quiz.js asks, and not a form."""
    return request.headers.get("Accept", "").startswith("application/json")


def refused(request: HttpRequest, sentence: str) -> HttpResponse | None:
    """The refusal for a script; None for a form, which gets its whole page again."""
    return JsonResponse({"saved": False, "message": sentence}, status=422) if wants_json(request) else None


def titled(labs: Collection[LabLink]) -> list[LabLink]:
    """The labs with the titles that settings.LAB_TITLES knows."""
    if not labs:
        return []
    titles = import_string(settings.LAB_TITLES)([lab.slug for lab in labs])
    return [replace(lab, title=titles.get(lab.slug, "")) for lab in labs]


def redirect_of_get(request: HttpRequest, name: str, *args: Any) -> HttpResponse | None:
    """A refused form leaves its own address in the browser: whoever goes there again is led to the page of the form."""
    return redirect(name, *args) if request.method in ("GET", "HEAD") else None


def number_from(text: str) -> int:
    """A position or an attempt as a browser names it; 0 for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0


def identity_from(text: str) -> uuid.UUID:
    """The identity that a form gave to what it makes, so that sending it twice makes one. New if there is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
