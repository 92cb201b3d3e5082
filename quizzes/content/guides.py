"""A guide file: front matter and one long Markdown text."""

from typing import Any

from prepsite.lib import frontmatter
from quizzes.content import fields
from quizzes.content.data import GuideData, Place
from quizzes.content.fields import Field, Problems

GUIDE_FIELDS = (
    Field("id", fields.identity, "A UUID, made once and kept for ever.", required=True),
    Field("title", fields.text(160), "What the guide is called.", required=True),
    Field("topic", fields.slug(), "The slug of its topic.", required=True),
    Field("summary", fields.text(400), "One or two plain sentences.", required=True),
    Field("minutes", fields.integer(1, 240), "Reading time.", 15),
    Field("order", fields.integer(0, fields.LARGEST_ORDER), "Its place within the topic.", 0),
    Field(
        "status",
        fields.one_of("published", "draft", "retired"),
        "published, draft or retired.",
        "published",
        quiet=True,
    ),
)


def parse_guide(document: frontmatter.Document, slug: str, problems: Problems) -> GuideData | None:
    """Read one guide. None only if its front matter cannot be read at all."""
    try:
        table = frontmatter.parse_toml(document.toml)
    except frontmatter.BadToml as error:
        problems.add(document.toml_line + max(error.line - 1, 0), str(error))
        return None
    if not fields.SLUG.fullmatch(slug) or len(slug) > 80:
        problems.add(0, f"the file name “{slug}” is not a slug: lower-case letters, digits and single hyphens")
    top = document.toml_line - 1
    keys = frontmatter.tables(document.toml, document.toml_line)[0].keys
    values = fields.read_table(table, GUIDE_FIELDS, keys, top, problems)
    lines = document.body.split("\n")
    blank = next((number for number, line in enumerate(lines) if line.strip()), 0)
    body = document.body.strip("\n").rstrip()
    if not body:
        problems.add(document.body_line, "the guide has no text")
    known: dict[str, Any] = {name: "" if value is None else value for name, value in values.items()}
    place = Place(problems.file, {"": top, **keys, "body": document.body_line + blank})
    return GuideData(**known, slug=slug, body=body, place=place)


def write_guide(data: GuideData) -> str:
    values = {
        field.name: getattr(data, field.name) for field in GUIDE_FIELDS if field.is_written(getattr(data, field.name))
    }
    return frontmatter.write(values, data.body)
