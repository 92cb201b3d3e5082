"""Topics, concepts and misconceptions: what everything else is sorted by. Their slugs are their identity."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from prepsite.lib.tally import Tally
from quizzes import rows
from quizzes.content import prose
from quizzes.content.data import Content, MisconceptionData, TopicData
from quizzes.models import Concept, Misconception, Topic

D = TypeVar("D", TopicData, MisconceptionData)


def store(content: Content, tally: Tally, *, overwrite: bool) -> tuple[dict[str, Topic], dict[str, Concept]]:
    """Bring the rows in line; all topics and concepts by slug, for what refers to them."""
    _store_topics(content.topics, tally, overwrite)
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    _store_misconceptions(content.misconceptions, topics, tally, overwrite)
    return topics, {concept.slug: concept for concept in Concept.objects.all()}


def _topic_rows() -> list[Topic]:
    return list(Topic.objects.prefetch_related("prerequisites", "concepts"))


def _store_topics(items: Iterable[TopicData], tally: Tally, overwrite: bool) -> None:
    known = {row.slug: row for row in _topic_rows()}
    changed: list[tuple[Topic, TopicData]] = []
    for order, data in enumerate(items, start=1):
        row = known.pop(data.slug, None)
        name = f"topic {data.slug}"
        if row is None:
            tally.created.append(name)
        elif rows.topic_data(row) == data and row.order == order and not row.retired:
            tally.unchanged.append(name)
            if not row.edited_here:
                continue
        elif row.edited_here and not overwrite:
            tally.kept.append(name)
            continue
        else:
            tally.updated.append(name)
        row = row or Topic(slug=data.slug)
        row.order = order
        changed.append((row, data))
    _retire(known.values(), "topic", tally)
    for row, _ in changed:
        if row.pk:  # codes are unique: make way, so that topics can swap them
            Topic.objects.filter(pk=row.pk).update(code=f"~{row.pk}")
    for row, data in changed:
        row.code, row.title, row.summary = data.code, data.title, data.summary
        row.edited_here = row.retired = False
        row.save()
    by_slug = {topic.slug: topic for topic in Topic.objects.all()}
    for row, data in changed:
        row.prerequisites.set([by_slug[slug] for slug in data.prerequisites])
        for order, concept in enumerate(data.concepts, start=1):
            Concept.objects.update_or_create(
                slug=concept.slug,
                defaults={"topic": row, "title": concept.title, "order": order, "retired": False},
            )
        row.concepts.exclude(slug__in=[concept.slug for concept in data.concepts]).update(retired=True)


def _store_misconceptions(
    items: Iterable[MisconceptionData], topics: dict[str, Topic], tally: Tally, overwrite: bool
) -> None:
    known = {row.slug: row for row in Misconception.objects.select_related("topic")}
    for order, data in enumerate(items, start=1):
        row = known.pop(data.slug, None)
        name = f"misconception {data.slug}"
        correction_html = prose.block(data.correction).html
        if row is None:
            tally.created.append(name)
        elif rows.misconception_data(row) == data and row.correction_html == correction_html and not row.retired:
            Misconception.objects.filter(pk=row.pk).update(order=order)
            tally.unchanged.append(name)
            if not row.edited_here:
                continue
        elif row.edited_here and not overwrite:
            tally.kept.append(name)
            continue
        else:
            tally.updated.append(name)
        row = row or Misconception(slug=data.slug)
        row.topic, row.belief, row.correction = topics[data.topic], data.belief, data.correction
        row.correction_html, row.order = correction_html, order
        row.edited_here = row.retired = False
        row.save()
    _retire(known.values(), "misconception", tally)


def _retire(leftover: Iterable[Any], kind: str, tally: Tally) -> None:
    for row in leftover:
        name = f"{kind} {row.slug}"
        if row.edited_here:
            tally.kept.append(name)
        elif not row.retired:
            row.retired = True
            row.save(update_fields=["retired"])
            tally.retired.append(name)


def topics() -> tuple[TopicData, ...]:
    return tuple(rows.topic_data(row) for row in _topic_rows() if not row.retired)


def misconceptions() -> tuple[MisconceptionData, ...]:
    current = (
        Misconception.objects.filter(retired=False).select_related("topic").order_by("topic__order", "order", "slug")
    )
    return tuple(map(rows.misconception_data, current))


def merged_topics(there: tuple[TopicData, ...]) -> tuple[TopicData, ...]:
    """The file's topics with what was edited here; nothing if nothing was."""
    edited = set(Topic.objects.filter(edited_here=True).values_list("slug", flat=True))
    return _merged(there, topics(), edited)


def merged_misconceptions(there: tuple[MisconceptionData, ...]) -> tuple[MisconceptionData, ...]:
    """Of each file in which something was edited here, all its misconceptions."""
    edited = set(Misconception.objects.filter(edited_here=True).values_list("slug", flat=True))
    ours = misconceptions()
    found: list[MisconceptionData] = []
    for topic in sorted({one.topic for one in (*there, *ours)}):
        # One that moved to another topic leaves the file it stood in.
        moved = {one.slug for one in ours if one.topic != topic and one.slug in edited}
        before = tuple(one for one in there if one.topic == topic)
        stayed = tuple(one for one in before if one.slug not in moved)
        merged = _merged(stayed, tuple(one for one in ours if one.topic == topic), edited)
        found += merged or (stayed if len(stayed) < len(before) else ())
    return tuple(found)


def _merged(there: tuple[D, ...], ours: tuple[D, ...], edited: Collection[str]) -> tuple[D, ...]:
    by_slug = {one.slug: one for one in ours}
    known = {one.slug for one in there}
    merged = tuple(by_slug.get(one.slug, one) if one.slug in edited else one for one in there)
    merged += tuple(one for one in ours if one.slug not in known)
    return merged if merged != there or known & set(edited) else ()


def mark_written() -> None:
    for model in (Topic, Misconception):
        model._default_manager.filter(edited_here=True).update(edited_here=False)
