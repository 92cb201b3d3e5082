"""The page on which staff see what the site promises to teach and where it does."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prepsite.coverage.mapping import Mapping, Row, read
from prepsite.lib.requests import SiteRequest
from prepsite.publishing import Shown, shown


@dataclass(frozen=True)
class Point:
    """One thing that a row points at; `found` is None if learners cannot open it now."""

    name: str
    found: Shown | None


@dataclass(frozen=True)
class RowOnPage:
    row: Row
    points: list[tuple[str, list[Point]]]  # by kind

    @property
    def holds(self) -> bool:
        return bool(self.points) and all(point.found for _, points in self.points for point in points)


def _rows(mapping: Mapping, there: dict[str, dict[str, Shown]]) -> list[RowOnPage]:
    def point(kind: str, name: str) -> Point:
        return Point(name, Shown(name, name) if kind == "pages" else there[kind].get(name))

    return [
        RowOnPage(row, [(kind, [point(kind, name) for name in names]) for kind, names in row.points.items()])
        for row in mapping.rows
    ]


@login_required
@require_safe
def coverage(request: SiteRequest) -> HttpResponse:
    """Every row of coverage.toml with the content that is published for it. Staff alone."""
    if not request.user.is_staff:
        raise PermissionDenied
    mapping, problems = read(settings.CONTENT_DIR)
    rows = _rows(mapping, shown())
    parts = [
        ("What is taught", [one for one in rows if not one.row.is_error]),
        ("What is often told wrong, and taught right here", [one for one in rows if one.row.is_error]),
    ]
    context = {
        "parts": [(title, part, sum(one.holds for one in part)) for title, part in parts],
        "problems": problems,
        "file": mapping.file,
    }
    return render(request, "coverage.html", context)
