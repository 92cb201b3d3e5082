"""Time zones as people choose them: by region, then by city."""

import zoneinfo
from collections import defaultdict

_REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)

Group = tuple[str, list[tuple[str, str]]]


def choices(current: str) -> list[tuple[str, str] | Group]:
    """For a select: UTC, then regions with their cities. `current` is offered whatever it is, so saving keeps it."""
    cities: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(zoneinfo.available_timezones()):
        region, _, city = name.partition("/")
        if region in _REGIONS:
            cities[region].append((name, city.replace("_", " ").replace("/", ", ")))
    listed = {name for group in cities.values() for name, _ in group} | {"UTC"}
    first: list[tuple[str, str] | Group] = [("UTC", "UTC")]
    if current not in listed:
        first.append((current, current))
    return first + sorted(cities.items())


def known(name: str) -> bool:
    return name in zoneinfo.available_timezones()
