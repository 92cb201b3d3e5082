"""The section of a guide that teaches what a card asks: where to read again when the card keeps slipping."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quizzes.models import Flashcard, Guide
from quizzes.passages import best_place, words

_HEADING = re.compile(r'<h([23])[^>]*\bid="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_TITLE_WEIGHS = 3  # a word of the heading says more about a section than a word of its text


@dataclass(frozen=True)
class Reading:
    """`heading` is empty where a whole guide is meant."""

    guide: str
    heading: str
    url: str


@dataclass(frozen=True)
class Section:
    guide: Guide
    anchor: str
    heading: str
    words: Counter[str]


def reading_for(flashcard: Flashcard) -> Reading | None:
    """The section whose words fit the card best, of the published guides of its topic; None if there is none.

    Words weigh by how few sections have them (inverse document frequency), so that common ones decide nothing.
    """
    guides = list(Guide.objects.published().filter(topic=flashcard.topic_id)) if flashcard.topic_id else []
    if not guides:
        return None
    concepts = " ".join(flashcard.concepts.values_list("title", flat=True))
    wanted = set(words(f"{flashcard.front} {flashcard.back} {concepts}"))
    sections = [section for guide in guides for section in sections_of(guide)]
    best = best_section(sections, wanted)
    if best is None:
        return Reading(guides[0].title, "", guides[0].get_absolute_url())
    return Reading(best.guide.title, best.heading, f"{best.guide.get_absolute_url()}#{best.anchor}")


def best_section(sections: Sequence[Section], wanted: set[str]) -> Section | None:
    """The section that fits best; None if no section has any of the words."""
    place = best_place([section.words for section in sections], wanted)
    return None if place is None else sections[place]


def sections_of(guide: Guide) -> list[Section]:
    """The guide cut at its headings of the second and third level."""
    found = list(_HEADING.finditer(guide.body_html))
    ends = [heading.start() for heading in found[1:]] + [len(guide.body_html)]
    return [
        Section(
            guide,
            heading.group(2),
            _TAG.sub("", heading.group(3)).strip(),
            Counter(words(heading.group(3)) * _TITLE_WEIGHS + words(guide.body_html[heading.end() : end])),
        )
        for heading, end in zip(found, ends, strict=True)
    ]
