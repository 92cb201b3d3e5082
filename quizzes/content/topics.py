"""topics.toml, the map of the curriculum, and misconceptions/<topic>.toml, the mistakes that people make."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from prepsite.lib import frontmatter
from prepsite.lib.frontmatter import Table, write_value
from quizzes.content import fields
from quizzes.content.data import ConceptData, MisconceptionData, Place, TopicData
from quizzes.content.fields import Field, Problems

TOPIC_FIELDS = (
    Field("slug", fields.slug(), "Its name in addresses and folders; it is shared with labs.", "", True),
    Field("code", fields.text(8), "Its short name in the curriculum, such as M6.", "", True),
    Field("title", fields.text(120), "What it is called.", "", True),
    Field("summary", fields.text(400), "One or two plain sentences.", "", True),
    Field("prerequisites", fields.several(fields.slug()), "Slugs of the topics to know before.", ()),
    Field("concept", lambda value: value, "Its concepts, each a table [[topic.concept]].", ()),
)
CONCEPT_FIELDS = (
    Field("slug", fields.slug(), "Its name in questions, decks and labs.", "", True),
    Field("title", fields.text(120), "What it is called.", "", True),
)
MISCONCEPTION_FIELDS = (
    Field("slug", fields.slug(), "Its name wherever the mistake is met.", "", True),
    Field("belief", fields.text(300), "The mistake, as people say it.", "", True),
    Field("correction", fields.long_text, "What is true instead, and why. Markdown.", "", True),
)


def _read(text: str, header: str, problems: Problems) -> tuple[list[Mapping[str, Any]], list[Table]]:
    """The tables [[header]] of a file and where they stand."""
    try:
        content = frontmatter.parse_toml(text)
    except frontmatter.BadToml as error:
        problems.add(error.line, str(error))
        return [], []
    found = frontmatter.tables(text)
    for key in content:
        if key != header:
            problems.add(found[0].keys.get(key, 0), f"unknown key “{key}”; the file consists of [[{header}]] tables")
    tables = content.get(header, [])
    if not isinstance(tables, list) or not tables or not all(isinstance(table, Mapping) for table in tables):
        problems.add(0, f"the file holds no [[{header}]] tables")
        return [], []
    return tables, found[1:]


def parse_topics(text: str, problems: Problems) -> tuple[TopicData, ...]:
    tables, places = _read(text, "topic", problems)
    topic_places = [place for place in places if place.name == "topic"] + [Table("", 0, {})] * len(tables)
    concept_places = iter([place for place in places if place.name == "topic.concept"])
    found = []
    for table, place in zip(tables, topic_places, strict=False):
        values = fields.read_table(table, TOPIC_FIELDS, place.keys, place.line, problems)
        concepts = values.pop("concept")
        if not isinstance(concepts, list | tuple) or not all(isinstance(concept, Mapping) for concept in concepts):
            problems.add(place.line, "“concept” must consist of [[topic.concept]] tables")
            concepts = ()
        read = []
        for concept in concepts:
            its_place = next(concept_places, Table("", place.line, {}))
            of_concept = fields.read_table(concept, CONCEPT_FIELDS, its_place.keys, its_place.line, problems)
            read.append(ConceptData(**of_concept, at=its_place.line))
        found.append(TopicData(**values, concepts=tuple(read), at=place.line))
    places_of = {topic.slug: number for number, topic in enumerate(found)}
    return tuple(
        replace(topic, prerequisites=tuple(sorted(topic.prerequisites, key=lambda slug: places_of.get(slug, 999))))
        for topic in found
    )


def write_topics(topics: Sequence[TopicData]) -> str:
    blocks = []
    for topic in topics:
        lines = ["[[topic]]"]
        lines += [write_value(name, getattr(topic, name)) for name in ("slug", "code", "title", "summary")]
        lines.append(write_value("prerequisites", topic.prerequisites))
        for concept in topic.concepts:
            lines += ["", "[[topic.concept]]", write_value("slug", concept.slug), write_value("title", concept.title)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def parse_misconceptions(text: str, topic: str, problems: Problems) -> tuple[MisconceptionData, ...]:
    """`topic` is the file's name, a topic's slug."""
    tables, places = _read(text, "misconception", problems)
    places = places + [Table("", 0, {})] * len(tables)
    found = []
    for table, place in zip(tables, places, strict=False):
        values = fields.read_table(table, MISCONCEPTION_FIELDS, place.keys, place.line, problems)
        lines = {"": place.line, **place.keys}
        found.append(MisconceptionData(**values, topic=topic, place=Place(problems.file, lines)))
    return tuple(found)


def write_misconceptions(misconceptions: Sequence[MisconceptionData]) -> str:
    return (
        "\n\n".join(
            "\n".join(
                [
                    "[[misconception]]",
                    write_value("slug", one.slug),
                    write_value("belief", one.belief),
                    write_value("correction", one.correction + "\n"),  # the quotes stand on lines of their own
                ]
            )
            for one in misconceptions
        )
        + "\n"
    )
