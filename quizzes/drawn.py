"""Questions as sessions drew them: what was asked stays what it was, though the question be edited or retired since."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q

from prepsite.lib import frontmatter
from prepsite.lib.versioned import Status
from quizzes.asked import Asked, LabLink, Option, Point, around_code, as_asked, texts_of
from quizzes.content import prose
from quizzes.content.data import QuestionData
from quizzes.content.fields import Problems
from quizzes.content.html import question_html, question_spec
from quizzes.content.question import parse
from quizzes.models import Question, Revision, SessionItem

EDITED = "This question was edited after it was drawn; you see it as it was asked."
EDITED_AND_LOST = (
    "This question was edited after it was drawn; its earlier text is not kept, so you see it as it is now."
)
RETIRED = "This question was retired after it was drawn; your answer still counts."


def as_drawn(item: SessionItem) -> Asked:
    """The item's question at the version that was drawn."""
    return all_as_drawn([item])[item.pk]


def all_as_drawn(items: Iterable[SessionItem]) -> dict[int, Asked]:
    """The items' questions by the items' keys: at most one query, and none while no question has moved on.

    Select the items with `question__topic`, and prefetch `question__choices` and `question__rubric`.
    """
    items = list(items)
    moved = {(item.question_id, item.question_version) for item in items if _has_moved(item)}
    wanted = Q(pk__in=[])
    for question, version in moved:
        wanted |= Q(question=question, version=version)
    revisions = {(one.question_id, one.version): one for one in Revision.objects.filter(wanted)} if moved else {}
    return {item.pk: _one(item, revisions.get((item.question_id, item.question_version))) for item in items}


def _has_moved(item: SessionItem) -> bool:
    return item.question.version != item.question_version


def _one(item: SessionItem, revision: Revision | None) -> Asked:
    question = item.question
    data = _read(revision, question.slug) if revision else None
    asked = _as_once_asked(question, data, item.question_version) if data else as_asked(question)
    if question.status == Status.RETIRED:
        return replace(asked, moved_on=RETIRED)
    if _has_moved(item):
        return replace(asked, moved_on=EDITED if data else EDITED_AND_LOST)
    return asked


def _read(revision: Revision, slug: str) -> QuestionData | None:
    """The revision's values; None if the format of content files has moved on so far that it cannot be read."""
    problems = Problems(slug)
    try:
        document = frontmatter.documents(revision.source)[0]
    except frontmatter.BadToml:
        return None
    data = parse(document, slug, problems)
    return None if problems.found else data


def _as_once_asked(question: Question, data: QuestionData, version: int) -> Asked:
    html = question_html(data)
    prompt, code_lines, after = around_code(html["prompt"], data.kind)
    return Asked(
        slug=question.slug,
        version=version,
        title=data.title,
        kind=data.kind,
        level=data.level,
        minutes=data.minutes,
        topic_slug=question.topic.slug,
        topic_title=question.topic.title,
        spec=question_spec(data),
        prompt_html=prompt,
        code_lines=code_lines,
        after_code_html=after,
        options=tuple(
            Option(one.key, one.correct, prose.inline(one.text).html, prose.inline(one.why).html, one.misconception)
            for one in data.choices
        ),
        rubric=tuple(
            Point(one.key, one.weight, one.line, one.dimension, prose.inline(one.text).html, one.misconception)
            for one in data.rubric
        ),
        labs=tuple(map(LabLink, data.labs)),
        **texts_of(html),
    )
