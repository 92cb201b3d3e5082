"""A question file: its grammar, its reader and its writer.

parse(write(x)) == x, and write(parse(text)) is the canonical text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from prepsite.lib import frontmatter
from quizzes.content import fields, sections
from quizzes.content.cards import CARD_GRAMMAR, read_cards, write_cards
from quizzes.content.data import CardData, ChoiceData, FollowUp, Place, QuestionData, RedFlag, RubricData
from quizzes.content.fields import Field, Problems
from quizzes.content.sections import Grammar, Item, ItemField

KINDS = ("open", "single", "multiple", "numeric", "cloze", "output", "bug", "derive")
LEVELS = ("basic", "intermediate", "advanced")
FACETS = ("concept", "applied", "system")
PERFORMANCES = ("say", "derive", "code", "debug")
STATUSES = ("published", "draft", "retired")
LINES = ("adequate", "outstanding")
DIMENSIONS = ("concept", "mathematics", "code", "trade-offs", "communication")
LONGEST_KEY = 20  # characters

FIELDS = (
    Field("id", fields.identity, "A UUID, made once and kept for ever: learners' history hangs on it.", required=True),
    Field("title", fields.text(160), "What the question is about, in a few words of plain text.", required=True),
    Field("topic", fields.slug(), "The slug of its topic; the file lies in the folder of that name.", required=True),
    Field("concepts", fields.sorted_slugs, "Slugs of the concepts it exercises, in alphabetical order.", (), True),
    Field("type", fields.one_of(*KINDS), f"How it is answered: {', '.join(KINDS)}.", "open", True),
    Field("level", fields.one_of(*LEVELS), f"{', '.join(LEVELS)}.", "basic", True),
    Field("facet", fields.one_of(*FACETS), f"{', '.join(FACETS)}.", "concept"),
    Field("performance", fields.one_of(*PERFORMANCES), f"What shows mastery: {', '.join(PERFORMANCES)}.", "say"),
    Field("minutes", fields.integer(1, 120), "How long an answer takes.", 3),
    Field("order", fields.integer(0, fields.LARGEST_ORDER), "Its place within the topic.", 0),
    Field("status", fields.one_of(*STATUSES), f"{', '.join(STATUSES)}.", "published", quiet=True),
    Field("conventions", fields.several(fields.text(200)), "Conventions the answer relies on.", ()),
    Field("references", fields.several(fields.text(400)), "Where to read on.", ()),
    Field("labs", fields.several(fields.slug()), "Slugs of related labs.", ()),
)
TABLES: Mapping[str, tuple[Field, ...]] = {
    "numeric": (
        Field("value", fields.number, "The right number.", 0, True),
        Field("tolerance", fields.tolerance, "How far from it an answer may lie; this or `relative`."),
        Field("relative", fields.tolerance, "The same as a share of the value: 0.02 is two per cent."),
        Field("unit", lambda value: fields.text(40)(value) if value else "", "What the number counts."),
    ),
    "output": (
        Field("expected", fields.long_text, "What the program prints.", "", True),
        Field("accept", fields.several(fields.long_text), "Other outputs that are right as well."),
    ),
    "bug": (
        Field(
            "lines",
            fields.several(fields.integer(1, 10_000), least=1),
            "Numbers of the wrong lines; the lines of the prompt's first code block count from 1.",
            (),
            True,
        ),
    ),
}
CHOICES = Grammar(
    (
        ItemField("Why", "Why the option is right or wrong.", required=True),
        ItemField("Misconception", "The slug of the mistake that picking it shows."),
    ),
    marked=True,
    longest_key=LONGEST_KEY,
)
RUBRIC = Grammar(
    (
        ItemField("Weight", "Its share of the ten points.", required=True),
        ItemField(
            "Line", "adequate (the six points of a sound answer) or outstanding (the other four).", required=True
        ),
        ItemField("Dimension", f"{', '.join(DIMENSIONS)}; concept if left out."),
        ItemField("Misconception", "The slug of the mistake that missing it suggests."),
    ),
    longest_key=LONGEST_KEY,
)
RED_FLAGS = Grammar((ItemField("Misconception", "The slug of the mistake behind it."),))
FOLLOW_UPS = Grammar((ItemField("Answer", "What a good candidate says to it; required once it is published."),))
# Section name → (attribute, what it is), in the order in which they are written.
TEXTS: Mapping[str, tuple[str, str]] = {
    "": ("prompt", "The prompt stands before the first heading."),
    "Answer": ("answer_short", "What a good candidate says in 30 seconds; for marked types, the explanation."),
    "Two minutes": ("answer_medium", "The 2-minute answer."),
    "Five minutes": ("answer_long", "The 5-minute answer."),
    "Signal": ("signal", "What interviewers listen for."),
}
LISTS: Mapping[str, Grammar] = {
    "Choices": CHOICES,
    "Rubric": RUBRIC,
    "Red flags": RED_FLAGS,
    "Follow-ups": FOLLOW_UPS,
    "Cards": CARD_GRAMMAR,
}


def parse(
    document: frontmatter.Document, slug: str, problems: Problems, *, check_source: str = ""
) -> QuestionData | None:
    """Read one question. None only if its front matter cannot be read at all; every problem is in `problems`."""
    try:
        table = frontmatter.parse_toml(document.toml)
    except frontmatter.BadToml as error:
        problems.add(document.toml_line + max(error.line - 1, 0), str(error))
        return None
    if not fields.SLUG.fullmatch(slug) or len(slug) > 80:
        problems.add(0, f"the file name “{slug}” is not a slug: lower-case letters, digits and single hyphens")
    places = frontmatter.tables(document.toml, document.toml_line)
    top = document.toml_line - 1
    lines = {"": top, **places[0].keys, **{place.name: place.line for place in places[1:]}}
    plain = {key: value for key, value in table.items() if key not in TABLES}
    values = fields.read_table(plain, FIELDS, places[0].keys, top, problems)
    kind = values.pop("type")
    spec = _spec(kind, table, places, top, problems)
    body = _read_body(document, lines, problems)
    front: dict[str, Any] = {name: "" if value is None else value for name, value in values.items()}
    return QuestionData(
        **front,
        slug=slug,
        kind=kind,
        spec=spec,
        prompt=body.texts.get("prompt", ""),
        answer_short=body.texts.get("answer_short", ""),
        answer_medium=body.texts.get("answer_medium", ""),
        answer_long=body.texts.get("answer_long", ""),
        signal=body.texts.get("signal", ""),
        choices=tuple(_choice(item) for item in body.lists.get("Choices", ())),
        rubric=tuple(_point(item, problems) for item in body.lists.get("Rubric", ())),
        red_flags=tuple(
            RedFlag(item.text, item.value("Misconception"), item.line) for item in body.lists.get("Red flags", ())
        ),
        follow_ups=tuple(
            FollowUp(item.text, item.value("Answer"), item.line) for item in body.lists.get("Follow-ups", ())
        ),
        cards=body.cards,
        check_source=check_source,
        place=Place(problems.file, lines),
    )


@dataclass
class _Body:
    """The sections of one question as they are read."""

    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[Item]] = field(default_factory=dict)
    cards: tuple[CardData, ...] = ()


def _read_body(document: frontmatter.Document, lines: dict[str, int], problems: Problems) -> _Body:
    """Every section under its attribute or name; `lines` learns where each stands."""
    body = _Body()
    seen: set[str] = set()
    for section in sections.split(document.body, document.body_line, problems):
        if section.name in seen:
            problems.add(section.heading, f"the section “{section.name}” stands twice")
        elif section.name in TEXTS:
            attribute, _ = TEXTS[section.name]
            body.texts[attribute] = section.text
            lines[attribute] = section.line
        elif section.name == "Cards":
            body.cards = read_cards(section, problems)
        elif section.name in LISTS:
            body.lists[section.name] = sections.items(section, LISTS[section.name], problems)
            lines[section.name] = section.heading
        else:
            known = ", ".join(name for name in (*TEXTS, *LISTS) if name)
            problems.add(section.heading, f"unknown section “{section.name}”; known are: {known}")
        if section.name and not section.text:
            problems.add(section.heading, f"the section “{section.name}” is empty")
        seen.add(section.name)
    return body


def _spec(
    kind: str, table: Mapping[str, Any], places: list[frontmatter.Table], top: int, problems: Problems
) -> dict[str, Any]:
    spec: dict[str, Any] = {}
    for name, its_fields in TABLES.items():
        place = next((place for place in places if place.name == name), None)
        line = place.line if place else top
        if name in table and name != kind:
            problems.add(line, f"[{name}] belongs to questions of type {name}; this one is of type {kind}")
        elif name == kind and not isinstance(table.get(name), Mapping):
            problems.add(line, f"a question of type {kind} needs a table [{name}]")
        elif name == kind:
            values = fields.read_table(table[name], its_fields, place.keys if place else {}, line, problems, f"{name}.")
            given = {key: value for key, value in values.items() if value not in (None, "", ())}
            spec = {key: list(value) if isinstance(value, tuple) else value for key, value in given.items()}
    return spec


def _choice(item: Item) -> ChoiceData:
    return ChoiceData(item.key, item.text, item.marked, item.value("Why"), item.value("Misconception"), item.line)


def _point(item: Item, problems: Problems) -> RubricData:
    weight = item.value("Weight", "0")
    if not weight.isascii() or not weight.isdigit() or not 1 <= int(weight) <= 10:
        if "Weight" in item.fields:
            problems.add(item.line_of("Weight"), "“Weight:” must be a whole number from 1 to 10")
        weight = "0"
    for name, options in (("Line", LINES), ("Dimension", DIMENSIONS)):
        if name in item.fields and item.value(name) not in options:
            problems.add(item.line_of(name), f"“{name}:” must be one of: {', '.join(options)}")
    return RubricData(
        item.key,
        item.text,
        int(weight),
        item.value("Line", "adequate"),
        item.value("Dimension", "concept"),
        item.value("Misconception"),
        item.line,
    )


def write(data: QuestionData) -> str:
    """The canonical text of a question. Defaults are left out, so that a file says only what is its own."""
    values: dict[str, Any] = {}
    for one in FIELDS:
        value = data.kind if one.name == "type" else getattr(data, one.name)
        if one.is_written(value):
            values[one.name] = value
    if data.spec:
        values[data.kind] = {
            one.name: _open_ended(data.spec[one.name]) for one in TABLES[data.kind] if one.name in data.spec
        }
    lists = {
        "Choices": [
            sections.write_item(
                one.text,
                key=one.key,
                marked=one.correct,
                fields=[("Why", one.why), ("Misconception", one.misconception)],
            )
            for one in data.choices
        ],
        "Rubric": [_write_point(point) for point in data.rubric],
        "Red flags": [
            sections.write_item(flag.text, fields=[("Misconception", flag.misconception)]) for flag in data.red_flags
        ],
        "Follow-ups": [sections.write_item(one.text, fields=[("Answer", one.answer)]) for one in data.follow_ups],
    }
    body = sections.write(
        [
            *((name, getattr(data, attribute)) for name, (attribute, _) in TEXTS.items()),
            *((name, "\n".join(items)) for name, items in lists.items()),
            ("Cards", write_cards(data.cards)),
        ]
    )
    return frontmatter.write(values, body)


def _open_ended(value: Any) -> Any:
    """A text of several lines ends in a line break, so that its quotes stand on lines of their own."""
    return value + "\n" if isinstance(value, str) and "\n" in value else value


def _write_point(point: RubricData) -> str:
    its_fields = [
        ("Weight", str(point.weight)),
        ("Line", point.line),
        ("Dimension", point.dimension if point.dimension != "concept" else ""),
        ("Misconception", point.misconception),
    ]
    return sections.write_item(point.text, key=point.key, fields=its_fields)
