"""Checks across files: every slug, id and link names something that exists, and none is taken twice."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from prepsite.lib.problems import Problem
from quizzes.content import prose, standards
from quizzes.content.cards import card_slug
from quizzes.content.data import Content, DeckData, QuestionData

_PAGE = re.compile(r"/(topics|guides|questions|labs)/(?:([a-z0-9-]+)/)?(?:[#?].*)?")
_OWN_PAGES = re.compile(r"/(?:quiz/|review/|account/|static/[\w./-]+)?(?:[#?].*)?")
_LONGEST_SLUG = 80  # characters


def check(
    content: Content, *, labs: Collection[str] | None = None, figures: Collection[str] | None = None
) -> list[Problem]:
    """Problems between files. Without `labs`, the slugs of all labs, what refers to labs is not checked; without
    `figures`, the paths of all figures, images are not.
    """
    return [
        *_doubles(content),
        *_card_slugs(content),
        *_topics(content),
        *_concepts(content),
        *_misconceptions(content),
        *_links(content, labs),
        *_labs(content, labs),
        *_figures(content, figures),
    ]


def _once(kind: str, named: Iterable[tuple[str, str, int]]) -> Iterator[Problem]:
    """`named` holds (name, file, line); a name that stands twice is reported at every place but the first."""
    first: dict[str, str] = {}
    for name, file, line in named:
        if not name:
            continue  # missing, and reported as such
        if name in first:
            yield Problem(file, line, f"the {kind} {name} is taken already, in {first[name]}")
        else:
            first[name] = f"{file}:{line}" if line else file


def _doubles(content: Content) -> Iterator[Problem]:
    yield from _once("id", [(one.id, one.place.file, one.place.line("id")) for one in content.with_ids])
    yield from _once("question slug", [(one.slug, one.place.file, 0) for one in content.questions])
    file = content.topics_file
    yield from _once("topic", [(topic.slug, file, topic.at) for topic in content.topics])
    yield from _once("topic code", [(topic.code, file, topic.at) for topic in content.topics])
    concepts = [concept for topic in content.topics for concept in topic.concepts]
    yield from _once("concept", [(concept.slug, file, concept.at) for concept in concepts])
    beliefs = [(one.slug, one.place.file, one.place.line("slug")) for one in content.misconceptions]
    yield from _once("misconception", beliefs)


def _card_slugs(content: Content) -> Iterator[Problem]:
    parents = content.with_cards
    named = []
    for parent in parents:
        for key, card in {card.key: card for card in parent.cards}.items():
            slug = card_slug(parent.slug, key)
            named.append((slug, parent.place.file, card.at))
            if len(slug) > _LONGEST_SLUG:
                message = f"the card's slug {slug} is longer than {_LONGEST_SLUG} characters: shorten its key"
                yield Problem(parent.place.file, card.at, message)
    if len({(parent.slug, type(parent)) for parent in parents}) == len(parents):  # else it is reported already
        yield from _once("card slug", named)


def _topics(content: Content) -> Iterator[Problem]:
    known = {topic.slug for topic in content.topics}
    for one in content.with_ids:
        if one.topic and one.topic not in known:
            yield Problem(one.place.file, one.place.line("topic"), f"unknown topic “{one.topic}”")
    for file in sorted({one.place.file for one in content.misconceptions if one.topic not in known}):
        yield Problem(file, 0, "the file is not named after a topic")
    leads_to = {topic.slug: topic.prerequisites for topic in content.topics}
    for topic in content.topics:
        for slug in topic.prerequisites:
            if slug not in known:
                yield Problem(content.topics_file, topic.at, f"{topic.slug}: unknown prerequisite “{slug}”")
        if _reaches_itself(topic.slug, leads_to):
            yield Problem(content.topics_file, topic.at, f"the topic {topic.slug} is its own prerequisite, by a circle")


def _reaches_itself(start: str, leads_to: dict[str, tuple[str, ...]]) -> bool:
    seen: set[str] = set()
    waiting = list(leads_to[start])
    while waiting:
        slug = waiting.pop()
        if slug == start:
            return True
        if slug not in seen:
            seen.add(slug)
            waiting += leads_to.get(slug, ())
    return False


def _concepts(content: Content) -> Iterator[Problem]:
    known = {concept.slug for topic in content.topics for concept in topic.concepts}
    for one in content.with_cards:
        for slug in one.concepts:
            if slug not in known:
                yield Problem(one.place.file, one.place.line("concepts"), f"unknown concept “{slug}”")


def misconceptions_of(one: QuestionData | DeckData) -> list[tuple[str, int]]:
    """The misconceptions that a question or deck names, with their lines."""
    parts: list[tuple[str, int]] = [(card.misconception, card.at) for card in one.cards]
    if isinstance(one, QuestionData):
        parts += [(choice.misconception, choice.at) for choice in one.choices]
        parts += [(point.misconception, point.at) for point in one.rubric]
        parts += [(flag.misconception, flag.at) for flag in one.red_flags]
    return [part for part in parts if part[0]]


def _misconceptions(content: Content) -> Iterator[Problem]:
    known = {one.slug for one in content.misconceptions}
    for one in content.with_cards:
        for slug, line in misconceptions_of(one):
            if slug not in known:
                yield Problem(one.place.file, line, f"unknown misconception “{slug}”")


def _all_texts(content: Content) -> Iterator[tuple[str, str, int]]:
    """Every Markdown text: file, text, line."""
    for question in content.questions:
        yield from ((question.place.file, text, line) for _, text, line in standards.texts_of(question))
    for one in content.with_cards:
        for card in one.cards:
            yield one.place.file, card.front, card.at
            yield one.place.file, card.back, card.at
    for guide in content.guides:
        yield guide.place.file, guide.body, guide.place.line("body")
    for misconception in content.misconceptions:
        yield misconception.place.file, misconception.correction, misconception.place.line("correction")


def _links(content: Content, labs: Collection[str] | None) -> Iterator[Problem]:
    known: dict[str, Collection[str] | None] = {
        "topics": {topic.slug for topic in content.topics},
        "guides": {guide.slug for guide in content.guides},
        "questions": {question.slug for question in content.questions},
        "labs": labs,
    }
    for file, text, line in _all_texts(content):
        for target, at in broken_links(text, known):
            yield Problem(file, line + at - 1, f"the link {target} goes to nowhere")


def broken_links(text: str, known: Mapping[str, Collection[str] | None]) -> Iterator[tuple[str, int]]:
    """Links of a Markdown text to pages of this site that do not exist, with the line within the text.

    `known` holds the slugs that exist, by the first part of the address; None means that they cannot be told.
    """
    if "](/" not in text and "href" not in text and "]:" not in text:
        return
    for target in prose.links(text):
        if not target.startswith("/"):
            continue
        page = _PAGE.fullmatch(target)
        slugs = known.get(page[1]) if page else None
        lost = bool(slugs is not None and page and page[2] and page[2] not in slugs)
        if lost or (page is None and not _OWN_PAGES.fullmatch(target)):
            yield target, text.count("\n", 0, max(text.find(target), 0)) + 1


def _labs(content: Content, labs: Collection[str] | None) -> Iterator[Problem]:
    if labs is None:
        return
    for question in content.questions:
        for slug in question.labs:
            if slug not in labs:
                yield Problem(question.place.file, question.place.line("labs"), f"unknown lab “{slug}”")


def _figures(content: Content, figures: Collection[str] | None) -> Iterator[Problem]:
    for file, text, line in _all_texts(content) if figures is not None else ():
        for name in prose.figures(text) if "/static/figures/" in text else ():
            if name not in (figures or ()):
                at = line + text.count("\n", 0, max(text.find(name), 0))
                yield Problem(file, at, f"there is no figure “{name}” in the folder figures")
