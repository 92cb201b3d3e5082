"""The labs: as a map by what they build on, or as a list by topic, narrowed by plain links."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from codelabs.availability import why_unavailable
from codelabs.models import Lab, Standing
from codelabs.prerequisites import Place, placed
from codelabs.views.access import own_submissions
from codelabs.views.result import words_of
from prepsite.lib.requests import SiteRequest

LEVELS = list(Lab.Level.values)
STANDING_CHIPS = {Standing.PASSED: "good", Standing.SHOWN: "shaky", Standing.TRIED: "shaky", Standing.NEW: "new"}
STANDING_FILTERS = {
    "new": frozenset({Standing.NEW}),
    "tried": frozenset({Standing.TRIED}),
    "passed": frozenset({Standing.PASSED, Standing.SHOWN}),
}


@dataclass(frozen=True)
class Row:
    """One lab with the learner's standing."""

    lab: Lab
    standing: Standing
    after: list[Lab]

    @property
    def chip(self) -> str:
        return STANDING_CHIPS[self.standing]


@dataclass(frozen=True)
class Spot:
    """One lab on the map, with those that stand under it."""

    row: Row
    also: list[Lab]
    then: list["Spot"]


@dataclass(frozen=True)
class Option:
    """One link of a filter."""

    label: str
    query: str
    chosen: bool


@require_safe
def labs(request: SiteRequest) -> HttpResponse:
    chosen = {name: request.GET.get(name, "") for name in ("topic", "level", "status")}
    every = list(Lab.objects.published().defer("statement", "html", "wrong", "equivalent", "proof"))
    standings = own_submissions(request).standings()
    by_slug = {lab.slug: lab for lab in every}
    rows = [
        Row(lab, standings.get(lab.pk, Standing.NEW), [by_slug[slug] for slug in lab.prerequisites if slug in by_slug])
        for lab in every
    ]
    as_list = request.GET.get("view") == "list" or any(chosen.values())
    roots = [] if as_list else _map(rows)
    topics = list(dict.fromkeys(lab.topic for lab in every))
    shown = sorted((row for row in rows if _is_wanted(row, chosen)), key=lambda row: topics.index(row.lab.topic))
    context = {
        "section": "labs",
        "as_list": as_list,
        "map": [spot for spot in roots if spot.then],
        "alone": [spot for spot in roots if not spot.then],
        "topics": [
            (topic, words_of(topic), sorted(group, key=lambda row: (LEVELS.index(row.lab.level), row.lab.number)))
            for topic, group in groupby(shown, key=lambda row: row.lab.topic)
        ],
        "filters": _filters(chosen, topics),
        "total": len(every),
        "shown": len(shown),
        "passed": sum(row.standing in STANDING_FILTERS["passed"] for row in rows),
        "trial": by_slug.get(settings.TRIAL_LAB),
        "unavailable": why_unavailable(),
    }
    return render(request, "codelabs/labs.html", context)


def _map(rows: list[Row]) -> list[Spot]:
    by_slug = {row.lab.slug: row for row in rows}

    def spot(place: Place) -> Spot:
        return Spot(by_slug[place.slug], [by_slug[name].lab for name in place.also], [spot(sub) for sub in place.then])

    return [spot(place) for place in placed({row.lab.slug: row.lab.prerequisites for row in rows})]


def _is_wanted(row: Row, chosen: dict[str, str]) -> bool:
    return (
        chosen["topic"] in ("", row.lab.topic)
        and chosen["level"] in ("", row.lab.level)
        and (not chosen["status"] or row.standing in STANDING_FILTERS.get(chosen["status"], frozenset()))
    )


def _filters(chosen: dict[str, str], topics: list[str]) -> list[tuple[str, list[Option]]]:
    """The three filters; each link keeps what the other two say."""
    choices: dict[str, list[tuple[str, str]]] = {
        "topic": [(topic, words_of(topic)) for topic in topics],
        "level": [(level, level) for level in LEVELS],
        "status": [(status, status) for status in STANDING_FILTERS],
    }
    return [(name, _options(name, values, chosen)) for name, values in choices.items()]


def _options(name: str, values: list[tuple[str, str]], chosen: dict[str, str]) -> list[Option]:
    def query(value: str) -> str:
        wanted: dict[str, Any] = {key: kept for key, kept in (chosen | {name: value}).items() if kept}
        return f"?{urlencode(wanted or {'view': 'list'})}"

    return [Option(label, query(value), chosen[name] == value) for value, label in [("", "all"), *values]]
