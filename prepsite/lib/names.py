"""Which slugs exist on either side of the house, for forms that may see only one of them."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string


def unknown(kind: str, slugs: Iterable[str]) -> list[str]:
    """A sentence for each slug that names no `kind` (topic, concept, question or lab), in the order given."""
    known: frozenset[str] = import_string(settings.CONTENT_NAMES)(kind)
    return [f"There is no {kind} “{slug}”." for slug in slugs if slug not in known]
