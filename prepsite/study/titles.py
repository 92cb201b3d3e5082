"""What labs are called, for pages that know them by slug alone."""

from collections.abc import Iterable

from codelabs.models import Lab


def lab_titles(slugs: Iterable[str]) -> dict[str, str]:
    """Title by slug, of those that exist, in one query. Called by the pages of quizzes through settings.LAB_TITLES."""
    return dict(Lab.objects.filter(slug__in=list(slugs)).values_list("slug", "title"))
